using DiffusionLens;
using Experiments.Catalog;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Specs;

public sealed class VisionPromptTests : IDisposable
{
    private const string Head = "version: 1\nanswer: yes-no\nmax tokens: 4\n";

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("prompt-").FullName, "mine.yaml");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Theory]
    [InlineData("score", nameof(VisionAnswerForm.Score))]
    [InlineData("yes-no", nameof(VisionAnswerForm.YesNo))]
    public void The_prompts_of_the_tool_ask_the_question(string name, string form)
    {
        VisionPrompt prompt = VisionPromptReader.Read(AssetCatalog.Prompts.Find(name).Path);

        Assert.Equal((name, form, false), (prompt.Name, prompt.Form.ToString(), prompt.IsJunkNo));
        Assert.Contains("Is there a dog?", prompt.TextOf("Is there a dog?", "a dog"), StringComparison.Ordinal);
    }

    [Fact]
    public void Slots_are_filled_and_braces_that_are_none_stay()
    {
        VisionPrompt prompt = Read(Head + "ask: \"{statement} {question} {prompt} {\\\"a\\\": 1}\"\n");

        Assert.Equal(
            "There is a dog in the picture. Is there a dog in the picture? a dog {\"a\": 1}",
            prompt.TextOf("Is there a dog in the picture?", "a dog"));
        BadInputException problem = Assert.Throws<BadInputException>(() => prompt.TextOf("Is it Ann?", ""));
        Assert.Contains("'Is it Ann?' is none", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_of_the_request_become_JSON()
    {
        VisionPrompt prompt = Read(
            Head + "junk: no\nsystem: Be brief.\nask: \"{question}\"\nbody: {a: true, b: {c: [1, 0.5, x]}, top_logprobs: 5}\n");

        Assert.True(prompt.IsJunkNo);
        Assert.Equal("Be brief.", prompt.System);
        Assert.Equal(["true", """{"c":[1,0.5,"x"]}""", "5"], prompt.Body.Values);
    }

    [Theory]
    [InlineData("ask: \"{question}\"\nbody: {model: x}\n", ":5:8: 'model' is written by the program; leave it out")]
    [InlineData("ask: \"{questoin}\"\n", ":4:6: '{questoin}' is no slot of a prompt; did you mean '{question}'?")]
    [InlineData("ask: Is it?\n", ":4:6: the prompt asks nothing")]
    [InlineData("", "lacks the key 'ask'")]
    [InlineData("ask: \"{question}\"\njunk: maybe\n", ":5:7: 'maybe' is no word for what is no answer")]
    public void What_is_wrong_is_said_with_its_place(string rest, string said) =>
        Assert.Contains(said, Assert.Throws<BadInputException>(() => Read(Head + rest)).Message, StringComparison.Ordinal);

    private VisionPrompt Read(string text)
    {
        File.WriteAllText(_file, text);
        return VisionPromptReader.Read(_file);
    }
}
