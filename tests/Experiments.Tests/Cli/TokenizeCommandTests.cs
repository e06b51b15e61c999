using System.Text.Json;
using Experiments.Cli;
using Experiments.Console;

namespace Experiments.Tests.Cli;

public sealed class TokenizeCommandTests
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    [Theory]
    [InlineData("")]
    [InlineData("tokenizer")]
    public void Each_line_becomes_a_JSON_line_with_the_model_or_its_tokenizer_alone(string part)
    {
        (int code, string output, string error) = Tokenize("A red circle\n\n", "--model", Path.Combine(Model, part));

        Assert.Equal("", error);
        Assert.Equal(ExitCode.Done, code);
        string[] lines = output.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("{\"ids\":[690,320,601,677,691,691,", lines[0], StringComparison.Ordinal);
        Assert.Contains("],\"pieces\":[\"<|startoftext|>\",\"a</w>\",\"red</w>\",", lines[0], StringComparison.Ordinal);
        Assert.Contains("],\"mask\":[1,1,1,1,1,0,", lines[0], StringComparison.Ordinal);
        Assert.Contains(
            "],\"roles\":[\"start\",\"prompt\",\"prompt\",\"prompt\",\"end\",\"padding\",", lines[0], StringComparison.Ordinal);
        Assert.Contains("],\"words\":[null,\"A\",\"red\",\"circle\",null,null,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("{\"ids\":[690,691,691,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void With_json_each_line_is_a_JSON_string_and_a_bad_one_ends_it_after_those_before()
    {
        (int code, string output, string error) = Tokenize("\"A red\\ncircle\"\nA red circle\n", "--json", "--model", Model);

        Assert.StartsWith("{\"ids\":[690,320,601,677,691,", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("stdin:2: is not a JSON string", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_prompt_that_is_cut_off_and_one_that_ftfy_would_mend_are_named()
    {
        string prompt = string.Concat(Enumerable.Repeat("red ", 75)) + "and a car";
        (int code, string output, string error) = Tokenize($"{prompt}\nit’s red\n", "--model", Model);

        Assert.Equal(ExitCode.Done, code);
        Assert.EndsWith("\"cut\":{\"read\":75,\"all\":79,\"unread\":\"and a car\"}}", output.Split('\n')[0], StringComparison.Ordinal);
        Assert.DoesNotContain("cut", output.Split('\n')[1], StringComparison.Ordinal);
        string[] notes = error.TrimEnd().Split('\n');
        Assert.Contains("prompt 1: ", notes[0], StringComparison.Ordinal);
        Assert.Contains("is cut off from \"and a car\" on", notes[0], StringComparison.Ordinal);
        Assert.Contains("prompt 2: \"it’s red\"", notes[1], StringComparison.Ordinal);
        Assert.NotEqual(
            Tokenize("it’s red", "--model", Model).Output, Tokenize("it’s red", "--model", Model, "--clean-text", "ftfy").Output);
        Assert.Equal(
            Tokens(Tokenize("it's red", "--model", Model).Output),
            Tokens(Tokenize("it’s red", "--model", Model, "--clean-text", "ftfy").Output));

        // The words are those of the prompt as it was given.
        static string Tokens(string line) => line.Split(",\"words\"")[0];
    }

    [Fact]
    public void Of_several_encoders_the_one_that_the_lens_looks_into_is_shown_unless_another_is_named()
    {
        (int code, string output, string error) = Tokenize("a green dog\n", "--model", "mini-mmdit");

        Assert.Equal((ExitCode.Done, ""), (code, error));
        JsonElement roles = JsonSerializer.Deserialize<JsonElement>(output).GetProperty("roles");
        Assert.Equal((24, "prompt"), (roles.GetArrayLength(), roles[0].GetString()));
        Assert.Equal(output, Tokenize("a green dog\n", "--model", "mini-mmdit", "--encoder", "2").Output);
        Assert.Contains(
            "\"roles\":[\"start\",",
            Tokenize("a green dog\n", "--model", "mini-mmdit", "--encoder", "1").Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "is cut off for text_encoder_2 from ",
            Tokenize(string.Concat(Enumerable.Repeat("red ", 30)), "--model", "mini-mmdit").Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "--encoder 2: sd1 has one text encoder")]
    [InlineData("tokenizer", "is one tokenizer's own folder; leave the option out")]
    public void An_encoder_that_is_not_there_is_refused(string part, string line)
    {
        (int code, string output, string error) = Tokenize("", "--model", Path.Combine(Model, part), "--encoder", "2");

        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains(line, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_neither_model_nor_tokenizer_is_refused()
    {
        (int code, string output, string error) = Tokenize("", "--model", AppContext.BaseDirectory);

        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains("model_index.json", error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Tokenize(string input, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        Terminal terminal = new(output, error, new StringReader(input), IsInteractive: false, CancellationToken.None);
        int code = CommandLine.Run(["tokenize", .. arguments], terminal);
        return (code, output.ToString(), error.ToString());
    }
}
