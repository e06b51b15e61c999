using System.Text.Encodings.Web;
using System.Text.Json;
using Experiments.Answers;

namespace Experiments.HuggingFace;

/// <summary>
/// <c>metadata.jsonl</c>: a line an image, every line with the same keys, no text ever null and every score with a decimal point, so that
/// readers that guess types from the first lines guess right. https://huggingface.co/docs/datasets/image_dataset#imagefolder
/// </summary>
internal static class MetadataLines
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the lines.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="images">The images, in the order of the lines.</param>
    /// <param name="experiment">The experiment's name.</param>
    /// <param name="model">The model's name.</param>
    public static void Write(Stream stream, IEnumerable<DatasetImage> images, string experiment, string model)
    {
        foreach (DatasetImage image in images)
        {
            using (Utf8JsonWriter json = new(stream, Options))
            {
                Write(json, image, experiment, model);
            }

            stream.WriteByte((byte)'\n');
        }
    }

    private static void Write(Utf8JsonWriter json, DatasetImage image, string experiment, string model)
    {
        json.WriteStartObject();
        json.WriteString("file_name", image.FileName);
        json.WriteString("prompt", image.Any.Prompt);
        json.WriteNumber("layer", image.Any.Layer);
        json.WriteNumber("seed", image.Any.Seed);
        json.WriteString("condition", image.Any.Condition);
        json.WriteNumber("prompt_number", image.Any.PromptNumber);
        Write(json, "right", image.IsRight);
        json.WriteString("experiment", experiment);
        json.WriteString("model", model);
        json.WriteString("site", image.Any.Site);
        foreach ((string name, string value) in SiteColumns.Of(image.Any.Site))
        {
            json.WriteString(name, value);
        }

        json.WriteString("cut_off", image.Any.CutOff);
        json.WriteNumber("width", image.Width);
        json.WriteNumber("height", image.Height);
        json.WriteString("image_sha256", image.PixelHash);
        json.WriteStartArray("answers");
        foreach (Answer answer in image.Answers)
        {
            Write(json, answer);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject();
        json.WriteString("question", answer.Question);
        json.WriteString("asked", answer.Asked);
        Write(json, "yes", answer.Yes);
        json.WritePropertyName("score");
        json.WriteRawValue(ScoreText.Of(answer.Score));
        json.WriteString("annotator", answer.Annotator);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
        {
            json.WriteBoolean(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
