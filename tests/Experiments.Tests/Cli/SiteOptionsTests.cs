using DiffusionLens.Weights;
using Experiments.Cli;
using Experiments.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Cli;

/// <summary>The options that say where <c>lens</c> and <c>run</c> look, on a Stable Diffusion of a few kilobytes.</summary>
public sealed class SiteOptionsTests : IDisposable
{
    private const string Prompt = "a red circle";

    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    private readonly string _folder = Directory.CreateTempSubdirectory("sites-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_words_tokens_show_the_layer_and_all_else_the_empty_prompt()
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile all = Dump("all"), word = Dump("word", "--tokens", "word:red", "--rest", "native");

        Tensor shown = word.Read("shown_positions");
        Assert.Equal([2], shown.data<long>());
        Assert.Equal("tokens-word-red_rest-native", word.Metadata["site"]);
        Assert.Empty(all.Metadata);
        Assert.True(word.Read("lens.2")[0, 2].Equals(all.Read("lens.2")[0, 2]));
        Assert.True(word.Read("lens.2")[0, 3].Equals(all.Read("lens.5")[0, 3]));
        Assert.True(word.Read("lens.5").Equals(all.Read("lens.5")));
    }

    [Theory]
    [InlineData("--rest without --tokens: all positions show the site", "--rest", "zero")]
    [InlineData("--tokens: \"dog\" is not a word of the prompt \"a red circle\"", "--tokens", "word:dog")]
    [InlineData("--tokens: there is no token 77 in the prompt", "--tokens", "token:77")]
    [InlineData("--tokens noun: give all, prompt, padding, template, word:X or token:n", "--tokens", "noun")]
    [InlineData("tokens is template, but this model writes prompts into none", "--tokens", "template")]
    [InlineData("block 2 stands under --skip and --repeat", "--skip", "2", "--repeat", "2")]
    [InlineData("--skip 0: '0' is no block, which count from 1", "--skip", "0")]
    [InlineData("--padding-rows-at without --padding-rows", "--padding-rows-at", "input")]
    [InlineData("--layers: layer 0 is that of embeddings, which have neither", "--point", "mlp-out", "--layers", "0,2")]
    [InlineData("point is attention of block 2, which is left out", "--point", "attention", "--skip", "2", "--layers", "2")]
    [InlineData("--max-sequence-length long: give a whole number from 1, or fit", "--max-sequence-length", "long")]
    public void What_contradicts_itself_is_one_line(string error, params string[] options)
        => Assert.StartsWith($"dlens-repro: {error}", Run(["lens", Prompt, .. options]), StringComparison.Ordinal);

    [Fact]
    public void A_run_takes_each_token_by_itself_and_a_second_run_finds_all_of_it_there()
    {
        string spec = Path.Combine(_folder, "tokens.yaml"), results = Path.Combine(_folder, "results");
        File.WriteAllText(spec, """
            version: 1
            title: One token after another
            layers: [2, 5]
            seeds: 1
            prompts:
              token: {template: "{a object}", sample: 2, right: has object, site: {tokens: "each of {object}", rest: empty-final}}
              whole: {same as: token, site: {tokens: "word {object}", rest: empty-final}}
            questions:
              has object: {ask: "Is there {a object}?", sees: {thing: object}, of: [token, whole]}

            """);
        string[] run = ["run", spec, "--steps", "1", "--only", "images", "--out", results];
        Assert.Equal("", Run(run));

        string[] images = [.. Directory.GetFiles(results, "*.png", SearchOption.AllDirectories).Select(path => Path.GetFileName(path))];
        Assert.Contains("layer-05_tokens-token-2_rest-empty-final_seed-0.png", images);
        Assert.Equal(2 * 2, images.Count(image => image.Contains("tokens-word-", StringComparison.Ordinal)));
        Assert.True(images.Count(image => image.Contains("tokens-token-", StringComparison.Ordinal)) > 2 * 2);
        using StringWriter output = new();
        Assert.Equal("", Run(output, [.. run, "--dry-run"]));
        Assert.Contains($"To make: 0 images; {images.Length} are there.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("looks at    tokens-each-of-{object}_rest-empty-final in token", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text: {padding rows: zero, padding rows at: every-block}", "padding rows at is every block, but the blocks of Stable")]
    [InlineData("site: {tokens: prompt}, text: {padding rows: own}", "padding rows is own, which they are at input anyway")]
    [InlineData("text: {length: 1}", "'object' reads 1 token; this model takes 2 to 77")]
    [InlineData("text: {length: 78}", "'object' reads 78 tokens; this model takes 2 to 77")]
    public void What_a_model_refuses_of_a_conditions_text_is_said_with_its_place(string says, string error)
    {
        string condition = "  object: {template: \"{a object}\", sample: 1, right: has object, " + says + "}";
        string spec = Path.Combine(_folder, "text.yaml");
        File.WriteAllText(spec, $$"""
            version: 1
            title: A text
            layers: last
            seeds: 1
            prompts:
            {{condition}}
            questions:
              has object: {ask: "Is there {a object}?", sees: {thing: object}, of: object}

            """);

        int column = condition.IndexOf("text: ", StringComparison.Ordinal) + "text: ".Length + 1;
        Assert.StartsWith(
            $"dlens-repro: {spec}:6:{column}: {error}",
            Run(["run", spec, "--steps", "1", "--only", "images", "--dry-run"]),
            StringComparison.Ordinal);
    }

    private SafetensorsFile Dump(string name, params string[] options)
    {
        string file = Path.Combine(_folder, $"{name}.safetensors");
        Assert.Equal("", Run(["lens", Prompt, "--layers", "2,5", "--steps", "1", "--dump", file, "--out", $"{file}.png", .. options]));
        return SafetensorsFile.Open(file);
    }

    private static string Run(params string[] arguments) => Run(TextWriter.Null, arguments);

    private static string Run(TextWriter output, string[] arguments)
    {
        using StringWriter error = new();
        int code = CommandLine.Run(
            [.. arguments, "--model", Model], new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        string said = error.ToString();
        Assert.Equal(said.Length == 0 ? ExitCode.Done : ExitCode.BadInput, code);
        Assert.True(said.Count(character => character == '\n') <= 1, said);
        return said;
    }
}
