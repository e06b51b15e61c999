using DiffusionLens.Families;

namespace Experiments.Models;

/// <summary>
/// The form in which a model's encoder reads prompts, where its pipeline brings a choice along that is not in its files: an instruction
/// before prompts, and soft-capped attention.
/// </summary>
/// <param name="Instruction">Which instruction stands before prompts, in words; null: the family has none.</param>
/// <param name="SoftCapping">Whether attention is soft-capped, in words; null: there is no such thing.</param>
internal sealed record TextForm(string? Instruction, string? SoftCapping)
{
    /// <param name="model">The model.</param>
    /// <param name="request">How it is to be loaded.</param>
    public static TextForm Of(ModelDescription model, ModelRequest request) => new(
        model.Instruction is not { } own ? null
            : request.Instruction is not { } text ? own.NameOf(null)
            : $"{own.NameOf(text)} (SHA-256 {PipelineInstruction.HashOf(text)[..12]})",
        model.SoftCap is not { } cap ? null
            : request.SoftCapping ? FormattableString.Invariant($"on, at {cap}")
            : "off, as diffusers runs it");

    /// <summary>Says it where the facts of a run stand; nothing where there is no choice.</summary>
    public void Tell(TextWriter output)
    {
        if (Instruction is not null || SoftCapping is not null)
        {
            output.WriteLine($"{"reads",-12}{string.Join("; ", new[] { Instruction, Capping }.OfType<string>())}");
        }
    }

    private string? Capping => SoftCapping is null ? null : $"soft-capping {SoftCapping}";
}
