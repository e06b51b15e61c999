using System.Text.Json;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;
using FsCheck.Xunit;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary>Which positions are the prompt's, the template's, a word's, as the reference's index sets have them.</summary>
public sealed class TokenPositionsTests
{
    private static readonly PromptTokenizer[] AllKinds =
    [
        ClipTokenizer.FromFolder(Reference.PathOf("sd1", "tokenizer")),
        ClipTokenizer.FromFolder(Reference.PathOf("sd1", "tokenizer")).With(TextCleaning.Ftfy),
        T5Tokenizer.FromFolder(Reference.PathOf("if", "stage_I", "tokenizer")),
        T5Tokenizer.FromFolder(Reference.PathOf("if", "stage_I", "tokenizer"), className: "T5TokenizerFast"),
        Qwen2Tokenizer.FromFolder(Reference.PathOf("klein", "tokenizer"), 77, ChatTemplate.NotThinking),
    ];

    [Theory]
    [InlineData("sd1", "sd1", 1)]
    [InlineData("if", Reference.StageI, 1)]
    [InlineData("sdxl", Reference.XL, 1, 2)]
    [InlineData("sd3", Reference.SD3, 1, 2, 3)]
    [InlineData("flux", Reference.Flux, 2)]
    [InlineData("klein", "klein", 1)]
    [InlineData("zimage", "zimage", 1)]
    public void Every_text_of_the_reference_has_its_index_sets(string family, string pipeline, params int[] encoders)
    {
        JsonElement reference = Parsed(family);
        IReadOnlyList<PromptTokenizer> tokenizers = TokenizersOf(pipeline, reference);
        foreach (JsonProperty text in reference.GetProperty("texts").EnumerateObject())
        {
            foreach (int encoder in encoders)
            {
                TokenizedPrompt prompt = tokenizers[encoder - 1].Encode(text.Value.GetProperty("text").GetString()!);
                TokenizedPrompt empty = tokenizers[encoder - 1].Encode("");
                JsonElement sets = text.Value.GetProperty($"encoder{encoder}");
                AssertSets(sets, prompt);
                if (sets.TryGetProperty("empty_aligned", out _))
                {
                    Assert.Equal(Ints(sets, "empty_aligned").Take(prompt.Ids.Count), prompt.EmptyAligned(empty));
                }
            }
        }
    }

    [Theory]
    [InlineData("klein")]
    [InlineData("zimage")]
    public void Every_awkward_text_in_a_chat_template_has_its_index_sets(string pipeline)
    {
        JsonElement reference = Parsed(pipeline);
        PromptTokenizer tokenizer = Assert.Single(TokenizersOf(pipeline, reference));
        Assert.Equal(15, reference.GetProperty("index_sets").GetArrayLength());
        Assert.All(reference.GetProperty("index_sets").EnumerateArray(), sets =>
        {
            TokenizedPrompt prompt = tokenizer.Encode(sets.GetProperty("text").GetString()!);
            int[] ids = Ints(sets, "input_ids");
            Assert.Equal(ids, prompt.Ids.Take(ids.Length));
            Assert.All(prompt.Roles.Skip(ids.Length), role => Assert.Equal(TokenRole.Padding, role));
            AssertSets(sets, prompt);
        });
    }

    [Theory]
    [InlineData("sd1", "a RED  circle,\tblue\n", "a:1 RED:2 circle,:3,4 blue:5")]
    [InlineData("sd1", "", "")]
    [InlineData("sd1", " \n ", "")]
    [InlineData("sd1", "a a", "a:1 a:2")]
    [InlineData("sd1", "red <|endoftext|> blue", "red:1 <|endoftext|>:2 blue:3")]
    [InlineData("sd1", "red<|endoftext|>blue x", "red<|endoftext|>blue:1,2,3 x:4")]
    [InlineData("if", "  Red\u3000\u3000CIRCLE ", "Red:0 CIRCLE:1")]
    [InlineData("if", "red <extra_id_0> blue", "red:0 <extra_id_0>:1 blue:2")]
    [InlineData("if", "ｒｅｄ circle", "ｒｅｄ:0 circle:1")]
    [InlineData("if", "red \u200b circle", "red:0 \u200b: circle:1")]
    public void Words_are_found_through_whatever_is_done_to_a_text_first(string model, string text, string words)
    {
        PromptTokenizer tokenizer = model == "sd1"
            ? ClipTokenizer.FromFolder(Reference.PathOf("sd1", "tokenizer"))
            : T5Tokenizer.FromFolder(Reference.PathOf("if", "stage_I", "tokenizer"));
        Assert.Equal(
            words,
            string.Join(' ', tokenizer.Encode(text).Words.Select(word => $"{word.Text}:{string.Join(',', word.Positions)}")));
    }

    [Theory]
    [InlineData("klein", "\u00a0red", "red:3,4,5")]
    [InlineData("klein", "\r\nred", "red:3,4,5")]
    [InlineData("klein", "red<|im_end|>circle", "red<|im_end|>circle:3,4,5,6")]
    [InlineData("klein", "<|im_start|>user\nred", "<|im_start|>user:3,4 red:5,6")]
    [InlineData("klein", "e\u0301 red", "e\u0301:3,4 red:5")]
    [InlineData("klein", "red </think>", "red:3 </think>:4,5")]
    [InlineData("klein", "\n", "")]
    public void Words_in_a_chat_template_begin_with_the_white_space_before_them(string model, string text, string words)
    {
        Qwen2Tokenizer tokenizer = Qwen2Tokenizer.FromFolder(Reference.PathOf(model, "tokenizer"), 40, ChatTemplate.NotThinking);
        TokenizedPrompt prompt = tokenizer.Encode(text);
        Assert.Equal([0, 1, 2], prompt.PositionsOf(TokenRole.Head));
        Assert.Equal(9, prompt.PositionsOf(TokenRole.Tail).Count);
        Assert.Equal(words, string.Join(' ', prompt.Words.Select(word => $"{word.Text}:{string.Join(',', word.Positions)}")));
    }

    [Property(Arbitrary = [typeof(AnyTextTests)], MaxTest = 300)]
    public void Of_any_text_every_token_has_one_role_and_the_tokens_of_the_words_follow_each_other(string text)
    {
        Assert.All(AllKinds, tokenizer =>
        {
            TokenizedPrompt prompt = tokenizer.Encode(text), empty = tokenizer.Encode("");
            Assert.Equal(prompt.Ids.Count, prompt.Roles.Count);
            TextSpan[] spans = [.. prompt.Places.Where(place => place.Span is not null).Select(place => place.Span!.Value)];
            Assert.All(spans, span => Assert.True(0 <= span.Start && span.Start <= span.End && span.End <= text.Length));
            Assert.All(
                spans.Zip(spans.Skip(1)),
                pair => Assert.True(pair.First.Start <= pair.Second.Start && pair.First.End <= pair.Second.End));
            int[] ofWords = [.. prompt.Words.SelectMany(word => word.Positions)];
            Assert.Equal(ofWords.Order().Distinct(), ofWords);
            if (prompt.PositionsOf(TokenRole.Tail).Count == empty.PositionsOf(TokenRole.Tail).Count)
            {
                Assert.Equal(Enumerable.Range(0, prompt.Ids.Count), prompt.EmptyAligned(empty).Order());
            }
        });
    }

    [Fact]
    public void Several_words_in_a_row_have_the_tokens_of_all_of_them()
    {
        Assert.All(AllKinds, kind =>
        {
            TokenizedPrompt prompt = kind.Encode("sea turtle and a sea  turtle, turtle sea");
            int[] first = [.. prompt.Words[0].Positions, .. prompt.Words[1].Positions];

            Assert.Equal(first, prompt.PositionsOf(SiteTokens.Word("sea turtle")));
            Assert.Equal([.. prompt.Words[4].Positions, .. prompt.Words[5].Positions], prompt.PositionsOf(SiteTokens.Word("sea turtle,")));
            Assert.Contains(
                "\"turtle and sea\" is not a word of the prompt",
                Assert.Throws<BadInputException>(() => prompt.PositionsOf(SiteTokens.Word("turtle and sea"))).Message,
                StringComparison.Ordinal);
        });
    }

    [Fact]
    public void What_is_not_in_a_prompt_is_named_with_what_is()
    {
        TokenizedPrompt prompt = ClipTokenizer.FromFolder(Reference.PathOf("sd1", "tokenizer")).Encode("a red,\n big circle");
        Refused(SiteTokens.Word("red"), "\"red\" is not a word of the prompt \"a red, big circle\"; "
            + "its words, which are what stands between blanks, are a, red,, big, circle");
        Refused(SiteTokens.Token(77), "there is no token 77 in the prompt \"a red, big circle\", which has positions 0 to 76");
        prompt = ClipTokenizer.FromFolder(Reference.PathOf("sd1", "tokenizer"))
            .Encode(string.Concat(Enumerable.Repeat("red ", 75)) + "blue");
        Refused(SiteTokens.Word("blue"), "\"blue\" is in the part that is cut off, behind the first 75 tokens, of the prompt \"red red");

        void Refused(SiteTokens tokens, string error)
            => Assert.StartsWith(
                error, Assert.Throws<BadInputException>(() => prompt.PositionsOf(tokens)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_states_come_from_another_prompt_words_go_to_words_and_template_rows_to_their_role()
    {
        Qwen2Tokenizer tokenizer = Qwen2Tokenizer.FromFolder(Reference.PathOf("klein", "tokenizer"), 40, ChatTemplate.NotThinking);
        TokenizedPrompt prompt = tokenizer.Encode("two red squares"), own = tokenizer.Encode("two squares"), empty = tokenizer.Encode("");
        Assert.Equal([new(5, 4), new(6, 5)], prompt.PairsWith(SiteTokens.Word("squares"), own));
        Assert.Equal([new(3, 12), new(4, 13), new(5, 14), new(6, 15)], prompt.PairsWith(SiteTokens.Prompt, empty));
        Assert.Equal([0, 1, 2, .. Enumerable.Range(3, 9)], prompt.PairsWith(SiteTokens.Template, empty).Select(pair => pair.Source));
        Assert.All(prompt.PairsWith(SiteTokens.Padding, empty), pair => Assert.Equal(pair.Position, pair.Source));
        ClipTokenizer clip = ClipTokenizer.FromFolder(Reference.PathOf("sd1", "tokenizer"));
        Assert.All(
            clip.Encode("two squares").PairsWith(SiteTokens.Prompt, clip.Encode("")), pair => Assert.Equal(pair.Position, pair.Source));
    }

    private static void AssertSets(JsonElement sets, TokenizedPrompt prompt)
    {
        Assert.Equal(SetOf("start"), prompt.PositionsOf(TokenRole.Start));
        Assert.Equal(SetOf("head"), prompt.PositionsOf(TokenRole.Head));
        Assert.Equal(SetOf("prompt"), prompt.PositionsOf(SiteTokens.Prompt));
        Assert.Equal(SetOf("tail"), prompt.PositionsOf(TokenRole.Tail));
        Assert.Equal(SetOf("template"), prompt.PositionsOf(SiteTokens.Template));
        Assert.Equal(SetOf("end"), prompt.PositionsOf(TokenRole.End));
        if (sets.TryGetProperty("padding", out _))
        {
            Assert.Equal(SetOf("padding"), prompt.PositionsOf(SiteTokens.Padding));
        }

        (string Text, int[] Positions)[] words =
            [.. sets.GetProperty("words").EnumerateArray().Select(word => (word[0].GetString()!, Ints(word[1])))];
        Assert.Equal(words, prompt.Words.Select(word => (word.Text, (int[])[.. word.Positions])));
        Assert.All(words.Where(word => word.Positions is not []).GroupBy(word => word.Text), word => Assert.Equal(
            word.SelectMany(occurrence => occurrence.Positions), prompt.PositionsOf(SiteTokens.Word(word.Key))));

        // Z-Image's padding is not handed on.
        int[] SetOf(string name) => sets.TryGetProperty(name, out JsonElement set)
            ? [.. Ints(set).Where(position => position < prompt.Ids.Count)]
            : [];
    }

    private static IReadOnlyList<PromptTokenizer> TokenizersOf(string pipeline, JsonElement reference)
    {
        string folder = Reference.PathOf(pipeline);
        int length = reference.GetProperty("run").TryGetProperty("max_sequence_length", out JsonElement tokens) ? tokens.GetInt32() : 48;
        return ModelFamily.Of([folder]).Tokenizers([folder], new LoadOptions(MaxSequenceLength: length));
    }

    private static JsonElement Parsed(string family)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Reference.PathOf("sites", "expected", $"{family}.json")));
        return document.RootElement.Clone();
    }

    private static int[] Ints(JsonElement element, string name) => Ints(element.GetProperty(name));

    private static int[] Ints(JsonElement numbers) => [.. numbers.EnumerateArray().Select(number => number.GetInt32())];
}
