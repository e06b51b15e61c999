using System.Text;
using System.Text.Json;
using DiffusionLens.Tests.Configs;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary>Every file of every tokenizer, damaged: its bytes, and the values of its JSON.</summary>
public sealed class TokenizerMutationTests
{
    private const int Few = 60;

    [Theory]
    [InlineData("sd1/tokenizer")]
    [InlineData("klein/tokenizer")]
    [InlineData("sana/tokenizer")]
    [InlineData("pixart/tokenizer")]
    [InlineData("later/sd3/tokenizer_3")]
    [InlineData("tokenizers/t5_800")]
    [InlineData("tokenizers/qwen2")]
    [InlineData("tokenizers/clip")]
    [InlineData("folders/tokenizer_json/clip")]
    [InlineData("folders/tokenizer_json/t5")]
    public void A_damaged_tokenizer_reads_a_prompt_or_is_refused_in_a_line(string name)
    {
        using TemporaryFolder folder = new();
        string source = Reference.PathOf(name);
        string[] files = [.. Directory.EnumerateFiles(source).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
        folder.Copy(source, files);
        Random random = new(name.Length);
        (string File, Func<byte[]> Bytes)[] changes =
        [
            .. files.SelectMany(file => Enumerable.Range(0, 20 * Few).Select(_ => (file, Bytes(file)))),
            .. files.Where(file => file.EndsWith(".json", StringComparison.Ordinal)).SelectMany(Values),
        ];

        Mutations.None(
            from change in Mutations.Some(changes, Few, seed: name.Length)
            let fault = FaultOf(change.File, change.Bytes())
            where fault is not null
            select $"{name} {change.File}: {fault}");

        Func<byte[]> Bytes(string file)
        {
            int seed = random.Next();
            return () => ByteMutations.Of(File.ReadAllBytes(Path.Combine(source, file)), new Random(seed));
        }

        IEnumerable<(string, Func<byte[]>)> Values(string file)
        {
            // Without what makes no difference: numbers of letters and of bytes are then the same.
            string json = JsonSerializer.Serialize(JsonElement.Parse(File.ReadAllText(Path.Combine(source, file))));
            int skipped = json.Length / 50_000;
            return JsonMutations.Of(json).Where((_, index) => skipped == 0 || index % (skipped * 10) == 0)
                .Select(mutation => (file, (Func<byte[]>)(() => Encoding.UTF8.GetBytes(mutation.Text))));
        }

        string? FaultOf(string file, byte[] bytes)
        {
            File.WriteAllBytes(folder[file], bytes);
            try
            {
                return Mutations.Fault(() =>
                {
                    PromptTokenizer tokenizer = PromptTokenizer.FromFolder(folder.Path);
                    Assert.NotEmpty(tokenizer.Encode("A photo of a red cat, café 12  ½ <extra_id_0> ﬁne").Ids);
                });
            }
            finally
            {
                File.Copy(Path.Combine(source, file), folder[file], overwrite: true);
            }
        }
    }
}
