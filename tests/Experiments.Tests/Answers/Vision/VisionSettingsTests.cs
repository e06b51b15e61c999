using DiffusionLens;
using Experiments.Answers.Vision;
using Experiments.Catalog;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Answers.Vision;

public sealed class VisionSettingsTests
{
    private static readonly VisionSpec Said = new()
    {
        Url = "http://localhost:8080/v1/",
        Model = "m",
        Prompt = VisionPromptReader.Read(AssetCatalog.Prompts.Find("score").Path),
    };

    [Fact]
    public void The_address_and_the_key_make_no_other_annotator_and_all_else_does()
    {
        VisionSettings settings = Of(Said, "OPENAI_API_KEY", "k");
        VisionPrompt prompt = settings.Prompt;

        Assert.Equal("http://localhost:8080/v1", settings.Url.ToString());
        Assert.Equal(settings.Sha256, (settings with { Url = new Uri("http://127.0.0.1:1/v1"), Key = "", Concurrency = 9 }).Sha256);
        Assert.Equal(settings.Sha256, (settings with { Prompt = prompt with { Name = "copy" } }).Sha256);
        VisionSettings[] others =
        [
            settings with { Model = "n" },
            settings with { Prompt = prompt with { Ask = prompt.Ask + " " } },
            settings with { Prompt = prompt with { System = "s" } },
            settings with { Prompt = prompt with { MaxTokens = 17 } },
            settings with { Prompt = prompt with { IsJunkNo = true } },
            settings with { Prompt = prompt with { Form = VisionAnswerForm.YesNo } },
            settings with { Prompt = prompt with { Body = new Dictionary<string, string> { ["top_k"] = "1" } } },
        ];
        Assert.Equal(others.Length + 1, others.Append(settings).Select(other => other.Sha256).Distinct().Count());
    }

    [Theory]
    [InlineData("localhost:8080/v1", "is no address of a server")]
    [InlineData("ftp://localhost/v1", "is no address of a server")]
    [InlineData("http://me:secret@localhost/v1", "a name or password stands in the address")]
    [InlineData("http://localhost/v1?key=secret", "the address has a ? or # in it")]
    public void An_address_that_is_none_or_holds_a_secret_is_refused_without_it(string url, string said)
    {
        string message = Assert.Throws<BadInputException>(() => Of(Said with { Url = url }, "X", "")).Message;

        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_variable_has_to_be_there_and_a_key_that_cannot_be_sent_is_not_repeated()
    {
        Assert.Contains("MY_KEY", Throws(Said with { KeyVariable = "MY_KEY" }, "OPENAI_API_KEY", "k"), StringComparison.Ordinal);
        string message = Throws(Said, "OPENAI_API_KEY", "sk two\nlines");
        Assert.DoesNotContain("lines", message, StringComparison.Ordinal);
        Assert.Equal("Bearer k", Of(Said with { KeyVariable = "MY_KEY" }, "MY_KEY", " k\n").Authorization);
    }

    [Fact]
    public void What_is_missing_is_said() =>
        Assert.Contains("there is no model's name", Throws(Said with { Model = null }, "X", ""), StringComparison.Ordinal);

    private static VisionSettings Of(VisionSpec said, string variable, string key) =>
        VisionSettings.Of(said, name => name == variable ? key : null);

    private static string Throws(VisionSpec said, string variable, string key) =>
        Assert.Throws<BadInputException>(() => Of(said, variable, key)).Message;
}
