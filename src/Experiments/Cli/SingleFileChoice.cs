using System.CommandLine;
using DiffusionLens;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Models;

namespace Experiments.Cli;

/// <summary>The options that say of a model in a single file what it does not say itself.</summary>
internal sealed class SingleFileChoice
{
    private readonly Option<string?> _kind = new("--kind")
    {
        Description = "What a single file is, where its names do not tell: of Stable Diffusion 2.x they never do.",
        HelpName = string.Join('|', CheckpointKindName.All),
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "A diffusers folder whose configs belong to a single file of another shape than the published models.",
        HelpName = "FOLDER",
    };

    public SingleFileChoice() => _kind.AcceptOnlyFromAmong([.. CheckpointKindName.All]);

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_kind);
        command.Add(_config);
    }

    /// <summary>What was said; null: nothing.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model, as it was named.</param>
    /// <exception cref="BadInputException">It is no single file.</exception>
    public SingleFileOptions? Of(ParseResult parsed, string model)
    {
        string? kind = parsed.GetValue(_kind), config = parsed.GetValue(_config);
        if (kind is null && config is null)
        {
            return null;
        }

        return ModelReference.HasSingleFile(model)
            ? new SingleFileOptions(
                kind is null ? null : CheckpointKindName.Parse(kind),
                config is null ? null : ModelReference.Find(config).Paths[0])
            : throw new BadInputException(
                $"{(kind is null ? $"--config {config}" : $"--kind {kind}")}: is said of a model in a single file; {model} is none");
    }
}
