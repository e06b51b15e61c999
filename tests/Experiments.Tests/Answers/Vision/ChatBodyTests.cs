using System.Text.Json.Nodes;
using Experiments.Answers.Vision;
using Experiments.Images;
using Experiments.Specs;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Experiments.Tests.Answers.Vision;

public sealed class ChatBodyTests
{
    private const string Prefix = "data:image/png;base64,";

    [Theory]
    [InlineData("yes_no", "yes-no", 1, "max_tokens")]
    [InlineData("plain", "score", 16, "max_tokens")]
    [InlineData("newer_limit", "score", 256, "max_completion_tokens")]
    public void A_body_is_the_references(string name, string form, int maxTokens, string limitField)
    {
        JsonNode expected = JsonNode.Parse(ReferenceResponses.Request(name))!;
        JsonArray messages = expected["messages"]!.AsArray(), parts = messages[^1]!["content"]!.AsArray();
        VisionPrompt prompt = new()
        {
            Name = "p",
            Form = form == "yes-no" ? VisionAnswerForm.YesNo : VisionAnswerForm.Score,
            IsJunkNo = false,
            MaxTokens = maxTokens,
            System = messages.Count > 1 ? (string)messages[0]!["content"]! : null,
            Ask = "{question}",
        };

        byte[] body = ChatBody.Make(
            "small-vlm", prompt, (string)parts[1]!["text"]!, (string)parts[0]!["image_url"]!["url"]!, limitField);

        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(body)), System.Text.Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void Further_fields_of_a_prompt_are_sent_as_they_stand()
    {
        VisionPrompt prompt = new()
        {
            Name = "p",
            Form = VisionAnswerForm.Score,
            IsJunkNo = false,
            MaxTokens = 1,
            Ask = "{question}",
            Body = new Dictionary<string, string> { ["chat_template_kwargs"] = """{"enable_thinking":false}""", ["seed"] = "7" },
        };

        JsonNode body = JsonNode.Parse(ChatBody.Make("m", prompt, "?", Prefix, "max_tokens"))!;

        Assert.False((bool)body["chat_template_kwargs"]!["enable_thinking"]!);
        Assert.Equal(7, (int)body["seed"]!);
    }

    [Theory]
    [InlineData(2, 3, 112)]
    [InlineData(64, 64, 4)]
    [InlineData(100, 300, 3)]
    [InlineData(224, 10_000, 1)]
    [InlineData(512, 512, 1)]
    public void Small_images_are_enlarged_by_a_whole_factor(int width, int height, int factor) =>
        Assert.Equal(factor, SentImage.FactorOf(width, height));

    [Fact]
    public void An_image_is_sent_as_a_PNG_of_its_pixels_alone()
    {
        ImageLevels image = new(2, 1, [255, 0, 0, 0, 0, 255]);

        string uri = SentImage.Of(image);

        Assert.StartsWith(Prefix, uri, StringComparison.Ordinal);
        byte[] png = Convert.FromBase64String(uri[Prefix.Length..]);
        using Image<Rgb24> read = Image.Load<Rgb24>(png);
        Assert.Equal((448, 224), (read.Width, read.Height));
        Assert.Equal([new Rgb24(255, 0, 0), new Rgb24(0, 0, 255), new Rgb24(0, 0, 255)], [read[223, 223], read[224, 0], read[447, 100]]);
        Assert.DoesNotContain("tEXt", System.Text.Encoding.Latin1.GetString(png), StringComparison.Ordinal);
    }
}
