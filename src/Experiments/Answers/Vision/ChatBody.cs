using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Specs;

namespace Experiments.Answers.Vision;

/// <summary>The body of <c>POST /chat/completions</c>: one image and one question, as all servers understand it.</summary>
internal static class ChatBody
{
    /// <summary>As many alternatives as every server gives.</summary>
    public const int TopLogprobs = 20;

    // A data URI is read by its first characters: what needs no escape in JSON gets none.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes a body.</summary>
    /// <param name="model">The model's name at the server.</param>
    /// <param name="prompt">How it is asked.</param>
    /// <param name="text">What it is asked.</param>
    /// <param name="dataUri">The image.</param>
    /// <param name="limitField"><c>max_tokens</c>, or <c>max_completion_tokens</c> for those that refuse that.</param>
    /// <returns>UTF-8.</returns>
    public static byte[] Make(string model, VisionPrompt prompt, string text, string dataUri, string limitField)
    {
        JsonArray messages = [];
        if (prompt.System is { } system)
        {
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = system });
        }

        // Most chat templates want the image before the question.
        messages.Add(new JsonObject
        {
            ["role"] = "user",
            ["content"] = new JsonArray(
                new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = dataUri } },
                new JsonObject { ["type"] = "text", ["text"] = text }),
        });
        JsonObject body = new()
        {
            ["model"] = model,
            ["messages"] = messages,
            ["temperature"] = 0,
            ["seed"] = 0,
            [limitField] = prompt.MaxTokens,
        };
        if (prompt.Form == VisionAnswerForm.YesNo)
        {
            body["logprobs"] = true;
            body["top_logprobs"] = TopLogprobs;
        }

        body["stream"] = false;
        foreach ((string name, string value) in prompt.Body)
        {
            body[name] = JsonNode.Parse(value);
        }

        return JsonSerializer.SerializeToUtf8Bytes(body, Json);
    }
}
