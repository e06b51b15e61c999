using System.Diagnostics;
using System.Text.Json;
using DiffusionLens.Tests.Pipelines;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

public sealed class GemmaTokenizerTests : IDisposable
{
    private const int Length = 28;

    private readonly TemporaryFolder _folder = new();

    /// <summary>Either file alone, as the fast class and as SentencePiece itself read it.</summary>
    public static TheoryData<string, string> Sources => new()
    {
        { "tokenizer.json", "GemmaTokenizerFast" },
        { "tokenizer.json", "GemmaTokenizer" },
        { "tokenizer.model", "GemmaTokenizerFast" },
        { "tokenizer.model", "GemmaTokenizer" },
    };

    private static JsonElement Expected
        => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Reference.PathOf("sana", "expected", "tokenizer.json")));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Sources))]
    public void Every_text_has_the_ids_of_transformers_from_either_file_and_by_either_class(string file, string className)
    {
        _folder.Copy(Reference.PathOf("sana", "tokenizer"), [file, "tokenizer_config.json", "special_tokens_map.json"]);
        JsonElement own = Expected.GetProperty("own");
        GemmaTokenizer plain = Tokenizer(null), instructed = Tokenizer(TestInstruction.Pipelines), short_ = Tokenizer(TestInstruction.Own);
        Assert.Equal(Ids(Expected.GetProperty("instruction"), "ids"), plain.Ids(TestInstruction.Pipelines));
        Assert.Equal(Ids(own, "ids"), plain.Ids(TestInstruction.Own));
        Assert.Equal(Expected.GetProperty("instruction").GetProperty("row_length").GetInt32(), instructed.RowLength);
        Assert.Equal(own.GetProperty("row_length").GetInt32(), short_.RowLength);
        Assert.All(Expected.GetProperty("cases").EnumerateArray(), example =>
        {
            string text = example.GetProperty("text").GetString()!;
            Assert.Equal(Ids(example, "ids"), plain.Ids(text));
            AssertRow(plain.Encode(text), Ids(example, "padded"), example);
            AssertRow(instructed.Encode(text), Ids(example.GetProperty("instruction"), "selected"), example.GetProperty("instruction"));
            AssertRow(short_.Encode(text), Ids(example.GetProperty("own"), "selected"), example.GetProperty("own"));
            Assert.Equal(plain.Encode(text).Ids, instructed.Plain(text).Ids);
            Assert.Null(plain.Encode(text).Row);
        });

        GemmaTokenizer Tokenizer(string? instruction)
            => GemmaTokenizer.FromFolder(_folder.Path, Length, instruction, className);
    }

    [Fact]
    public void Rows_of_the_pipelines_own_length_are_those_of_the_reference()
    {
        JsonElement row = Expected.GetProperty("row"), byDefault = Expected.GetProperty("row_default");
        string prompt = row.GetProperty("prompt").GetString()!, folder = Reference.PathOf("sana", "tokenizer");
        EncodedRow made = GemmaTokenizer.FromFolder(folder, Length, TestInstruction.Pipelines).Encode(prompt).Row!;
        Assert.Equal(Ids(row, "input_ids"), made.Ids);
        TokenizedPrompt whole = GemmaTokenizer.FromFolder(folder, GemmaTokenizer.PipelineLength, TestInstruction.Pipelines).Encode(prompt);
        Assert.Equal(byDefault.GetProperty("row_length").GetInt32(), whole.Row!.Ids.Count);
        Assert.Equal(byDefault.GetProperty("mask_ones").GetInt32(), whole.Row.Mask.Sum());
        Assert.Equal(byDefault.GetProperty("selected_mask_ones").GetInt32(), whole.Mask.Sum());
    }

    [Theory]
    [InlineData("a red Cat", "S P:a P:red P:Cat")]
    [InlineData("  8 Cats ", "S H P:8 P:Cats")]
    [InlineData("", "S H")]
    public void Of_the_instruction_is_a_bare_blank_alone_and_words_are_the_prompts(string text, string places)
    {
        GemmaTokenizer tokenizer = GemmaTokenizer.FromFolder(Reference.PathOf("sana", "tokenizer"), Length, TestInstruction.Pipelines);
        TokenizedPrompt prompt = tokenizer.Encode(text);
        Assert.Equal(places, string.Join(' ', prompt.Places.Where(place => place.Role != TokenRole.Padding).Select(Shown)
            .Aggregate(new List<string>(), Merged)));
        Assert.All(prompt.Places.Zip(prompt.Mask), pair => Assert.Equal(pair.Second == 0, pair.First.Role == TokenRole.Padding));

        string Shown(TokenPlace place) => place.Role switch
        {
            TokenRole.Start => "S",
            TokenRole.Head => "H",
            _ => $"P:{text[place.Span!.Value.Start..place.Span.Value.End].Trim()}",
        };

        // Pieces of one word.
        List<string> Merged(List<string> all, string next)
        {
            if (all.Count > 0 && next.StartsWith("P:", StringComparison.Ordinal) && all[^1].StartsWith("P:", StringComparison.Ordinal)
                && text.Contains(all[^1][2..] + next[2..], StringComparison.Ordinal))
            {
                all[^1] += next[2..];
                return all;
            }

            all.Add(next);
            return all;
        }
    }

    [Fact]
    public void Of_a_prompt_that_is_too_long_the_rest_is_told_with_and_without_an_instruction()
    {
        string folder = Reference.PathOf("sana", "tokenizer"), text = string.Concat(Enumerable.Repeat("a red cat, ", 20));
        foreach (string? instruction in new[] { null, TestInstruction.Pipelines })
        {
            PromptCut cut = GemmaTokenizer.FromFolder(folder, Length, instruction).Encode(text).Cut!;
            Assert.Equal(Length - 1, cut.Read);
            Assert.True(cut.All > cut.Read);
            Assert.EndsWith("a red cat,", cut.Unread, StringComparison.Ordinal);
        }

        Assert.Null(GemmaTokenizer.FromFolder(folder, Length, TestInstruction.Pipelines).Encode("a red cat").Cut);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a red circle ")]
    [InlineData("日本")]
    public void A_text_of_a_megabyte_takes_no_longer_than_a_moment(string part)
    {
        GemmaTokenizer tokenizer = GemmaTokenizer.FromFolder(Reference.PathOf("sana", "tokenizer"));
        Stopwatch watch = Stopwatch.StartNew();
        string text = string.Concat(Enumerable.Repeat(part, (1 << 20) / part.Length));
        Assert.InRange(tokenizer.Ids(text).Count(), 1, 6 << 20);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void A_folder_is_known_for_Gemmas()
    {
        PromptTokenizer tokenizer = PromptTokenizer.FromFolder(Reference.PathOf("sana", "tokenizer"));
        Assert.IsType<GemmaTokenizer>(tokenizer);
        Assert.Equal((300, 760), (tokenizer.ModelMaxLength, tokenizer.VocabularySize));
    }

    [Fact]
    public void An_older_map_of_roles_counts_only_where_the_config_lists_no_tokens()
    {
        _folder.Copy(Reference.PathOf("sana", "tokenizer"), ["tokenizer.json", "tokenizer_config.json"]);
        File.WriteAllText(_folder["special_tokens_map.json"], """{"pad_token": "<eos>"}""");
        Assert.Equal("<pad>", GemmaTokenizer.FromFolder(_folder.Path).Encode("").Pieces[^1]);
        OlderFolder.Make(_folder);
        Assert.Equal("<eos>", GemmaTokenizer.FromFolder(_folder.Path).Encode("").Pieces[^1]);
    }

    [Theory]
    [InlineData("\"byte_fallback\": true", "\"byte_fallback\": false", "byte_fallback")]
    [InlineData("\"type\": \"Replace\"", "\"type\": \"Prepend\"", "its normalizer is Prepend")]
    [InlineData("\"<0x41>\"", "\"<0x4g>\"", "has no piece <0x41>")]
    public void A_tokenizer_of_another_arrangement_is_refused(string right, string wrong, string error)
    {
        _folder.Copy(Reference.PathOf("sana", "tokenizer"), ["tokenizer.json", "tokenizer_config.json"]);
        string text = File.ReadAllText(_folder["tokenizer.json"]);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(_folder["tokenizer.json"], text.Replace(right, wrong, StringComparison.Ordinal));
        BadInputException refused = Assert.Throws<BadInputException>(() => GemmaTokenizer.FromFolder(_folder.Path));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    private static void AssertRow(TokenizedPrompt made, int[] ids, JsonElement example)
    {
        Assert.Equal(ids, made.Ids);
        Assert.Equal(example.GetProperty("mask_ones").GetInt32(), made.Mask.Sum());
    }

    private static int[] Ids(JsonElement example, string name)
        => [.. example.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
