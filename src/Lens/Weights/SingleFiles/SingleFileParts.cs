using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionLens.Configs;
using DiffusionLens.TextEncoders;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>The parts of a single file, and the place of each of its tensors.</summary>
internal static partial class SingleFileParts
{
    private const string UNet = "unet", Autoencoder = "vae", Text = "text_encoder", SecondText = "text_encoder_2";

    /// <summary>The parts, empty.</summary>
    /// <param name="layout">Which text encoders there are.</param>
    /// <param name="config">A part's config.</param>
    /// <param name="nameOf">What a part's config is called in errors.</param>
    public static IReadOnlyList<SingleFilePart> Of(TextLayout layout, Func<string, JsonElement> config, Func<string, string> nameOf)
    {
        bool isLinear = new ConfigReader(config(UNet), nameOf(UNet)).Flag("use_linear_projection", false);
        return
        [
            new SingleFilePart(UNet, [CheckpointSigns.UNetPrefix], UNetNames.Of(config(UNet), nameOf(UNet)))
            {
                Reshape = (name, shape) => Projection().IsMatch(name) ? AsMatrix(shape, isLinear) : shape,
            },
            new SingleFilePart(
                Autoencoder, CheckpointSigns.AutoencoderPrefixes, AutoencoderNames.Of(config(Autoencoder), nameOf(Autoencoder)))
            {
                Reshape = (name, shape) => AttentionMatrix().IsMatch(name) ? AsMatrix(shape, isLinear: true) : shape,
            },
            .. layout switch
            {
                TextLayout.StableDiffusion1 => [Transformers(CheckpointSigns.Transformers1)],
                TextLayout.StableDiffusion2 => [OpenClip(Text, CheckpointSigns.OpenClip2Prefixes)],
                _ => new[] { Transformers(CheckpointSigns.TransformersXL), OpenClip(SecondText, [CheckpointSigns.OpenClipXL]) },
            },
        ];

        static SingleFilePart Transformers(string prefix)
            => new(Text, [prefix], TextEncoderNames.Transformers()) { Ignored = IgnoredTensors.ReasonInText };

        SingleFilePart OpenClip(string part, IReadOnlyList<string> prefixes)
        {
            ConfigReader reader = new(ClipTextConfig.OfWhole(config(part)) ?? config(part), nameOf(part));
            int layers = reader.Count("num_hidden_layers", 0, Most.Layers);
            if (layers < 1)
            {
                throw reader.Error("has no num_hidden_layers, the number of the encoder's blocks");
            }

            bool isProjected = part == SecondText;
            string unread = $"{TextEncoderNames.OpenClipBlocks}{layers}.";
            return new SingleFilePart(part, prefixes, TextEncoderNames.OpenClip(layers, isProjected))
            {
                // 2.x reads the state before the last block, which diffusers' folder leaves out.
                Ignored = name => isProjected
                    ? (name == TextEncoderNames.Projection ? null : IgnoredTensors.ReasonInText(name))
                    : name.StartsWith(unread, StringComparison.Ordinal) ? "the text encoder's last block, which the model does not read"
                    : IgnoredTensors.ReasonInText(name),
            };
        }
    }

    /// <summary>Gives every tensor its place.</summary>
    /// <returns>How many were ignored, by what they are.</returns>
    /// <exception cref="BadInputException">Some tensors have no place and are not known; the message names them.</exception>
    public static IReadOnlyDictionary<string, int> Fill(IReadOnlyList<SingleFilePart> parts, CheckpointFile file)
    {
        SortedDictionary<string, int> ignored = new(StringComparer.Ordinal);
        List<string> unknown = [];
        foreach ((string name, TensorEntry entry) in file.Tensors)
        {
            if (TryTake(name, entry) is { } reason)
            {
                ignored[reason] = ignored.GetValueOrDefault(reason) + 1;
            }
        }

        if (unknown.Count > 0)
        {
            const int Shown = 3;
            string more = unknown.Count > Shown ? $", and {unknown.Count - Shown} more" : "";
            throw new BadInputException(
                $"{file.Path}: {unknown.Count} tensor{(unknown.Count == 1 ? " has" : "s have")} no place in this model "
                + $"({string.Join(", ", unknown.Order(StringComparer.Ordinal).Take(Shown))}{more}); {SingleFilePart.ShapeAdvice}");
        }

        return ignored;

        string? TryTake(string name, TensorEntry entry)
        {
            foreach (SingleFilePart part in parts)
            {
                if (part.Prefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is not string prefix)
                {
                    continue;
                }

                string inPart = name[prefix.Length..];
                if (part.Ignored(inPart) is string reason)
                {
                    return reason;
                }

                if (!Taken(part, inPart, entry, file.Path))
                {
                    unknown.Add(entry.Name);
                }

                return null;
            }

            if (IgnoredTensors.Reason(name) is string known)
            {
                return known;
            }

            unknown.Add(entry.Name);
            return null;
        }
    }

    private static bool Taken(SingleFilePart part, string name, TensorEntry entry, string path)
    {
        try
        {
            return part.Take(name, entry);
        }
        catch (BadInputException problem)
        {
            throw new BadInputException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>A 1×1 convolution is a matrix: <c>[C, C, 1, 1]</c> as <c>[C, C]</c>, or the other way.</summary>
    private static IReadOnlyList<long> AsMatrix(IReadOnlyList<long> shape, bool isLinear) => shape switch
    {
        [long rows, long columns, 1, 1] when isLinear => [rows, columns],
        [long rows, long columns] when !isLinear => [rows, columns, 1, 1],
        _ => shape,
    };

    [GeneratedRegex(@"\.attentions\.\d+\.proj_(in|out)\.weight$")]
    private static partial Regex Projection();

    [GeneratedRegex(@"\.attentions\.0\.to_(q|k|v|out\.0)\.weight$")]
    private static partial Regex AttentionMatrix();
}
