using System.Globalization;
using System.Text.Json.Serialization;
using DiffusionLens;
using DiffusionLens.Schedulers;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Clusters;
using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Explorer;

/// <summary>
/// The <c>lens</c> command that makes images of a run again: the same model, sampler and site. What depends on the image (prompt, layers,
/// seeds) is put in where it is asked for.
/// </summary>
/// <param name="Common">The options that all images of the run share, as a POSIX shell takes them.</param>
/// <param name="Lacks">Why no such command makes them, as a sentence; null: one does.</param>
/// <param name="TextLength">How many tokens of a prompt are read where a site says nothing of it; null: as many as the model's pipeline
/// takes.</param>
/// <param name="Pooled">What pooled vectors show where a command says nothing of them.</param>
internal sealed record LensCommandLine(
    string Common, string? Lacks, [property: JsonIgnore] int? TextLength = null, [property: JsonIgnore] SitePooled Pooled = default)
{
    /// <summary>The command of a run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pooled">What pooled vectors show where nothing is said.</param>
    /// <param name="sampler">How it samples, with scheduler, steps and guidance given.</param>
    /// <param name="lastStage">The stage at which a cascade was told to stop; null: it was not.</param>
    public static LensCommandLine Of(ModelRequest model, SitePooled pooled, SamplerSpec sampler, int? lastStage) => new(
        ShellWords.Join(
        [
            .. Said("--model", model.Model),
            .. Said("--scheduler", sampler.CommonScheduler),
            .. Settings(sampler).SelectMany(setting => Said("--scheduler-config", setting)),
            .. Said("--steps", Invariant(sampler.Steps)),
            .. Said("--guidance", Invariant(sampler.Guidance)),
            .. Said("--height", Invariant(sampler.Height)),
            .. Said("--width", Invariant(sampler.Width)),
            .. Said("--resolution-binning", sampler.ResolutionBinning == true ? "on" : null),
            .. Said("--stage", Invariant(lastStage)),
            .. Said("--soft-capping", model.SoftCapping ? "on" : null),
            .. Said("--kind", model.SingleFile?.Kind?.Short()),
            .. Said("--config", model.SingleFile?.ConfigFolder),
            .. Said("--clean-text", model.Cleaning == TextCleaning.None ? null : model.Cleaning.ToString().ToLowerInvariant()),
            .. Said("--variant", model.Variant),
            .. Said("--device", model.Device == ModelRequest.DefaultDevice ? null : model.Device),
            .. Said("--dtype", model.DType == ModelRequest.DefaultDType ? null : model.DType),
        ]),
        model.Instruction is null
            ? null
            : "The model reads an instruction before prompts; lens takes the file that has it, as --instruction FILE.",
        model.MaxSequenceLength,
        pooled);

    /// <summary>The options of a site and of what is done to the prompt's text.</summary>
    /// <returns>As a POSIX shell takes them, empty for the paper's lens; null: <c>lens</c> has no options that say it.</returns>
    public string? OptionsOf(LensSite site, TextHandling text) =>
        site.Skip.Any(skip => skip.Times is not (0 or 2)) || text.Positions != RowPositions.Native || text.Length?.Tokens is not null
            ? null
            : ShellWords.Join(
            [
                .. Changed("--encoder", site.Encoder, SiteEncoder.All, SiteWords.Encoders),
                .. Changed("--other-encoders", site.Others, default, SiteWords.Others),
                .. Changed("--pooled", site.Pooled, Pooled, SiteWords.Pooled),
                .. Said("--tokens", site.Tokens == SiteTokens.All ? null : Tokens(site.Tokens)),
                .. Changed("--rest", site.Rest, default, SiteWords.Rests),
                .. Source(site.Source),
                .. Changed("--point", site.Point, default, SiteWords.Points),
                .. Changed("--norm", site.Norm, default, SiteWords.Norms),
                .. Changed("--mixture", site.Mixture, default, SiteWords.Mixtures),
                .. Blocks("--skip", site.Skip.Where(skip => skip.Times == 0)),
                .. Blocks("--repeat", site.Skip.Where(skip => skip.Times == 2)),
                .. Changed("--encoder-mask", text.EncoderMask, default, SiteWords.Masks),
                .. Changed("--denoiser-mask", text.DenoiserMask, default, SiteWords.Masks),
                .. Changed("--padding-rows", text.PaddingRows, default, SiteWords.PaddingRows),
                .. Changed("--padding-rows-at", text.PaddingRowsAt, default, SiteWords.PaddingRowsAt),
                .. Said("--max-sequence-length", text.Length is null ? Invariant(TextLength) : "fit"),
            ]);

    // A text may begin as options do, and nothing may stand behind an equals sign.
    private static string[] Source(string? text) => text is null ? [] : text.Length == 0 ? ["--source", ""] : [$"--source={text}"];

    private static string[] Settings(SamplerSpec sampler) =>
        SchedulerOptions.Of(sampler.SchedulerConfig).ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Tokens(SiteTokens tokens) =>
        tokens.Text is { } word ? $"word:{word}"
        : tokens.Position is { } position ? string.Create(CultureInfo.InvariantCulture, $"token:{position}")
        : SiteWords.TokenSets.First(set => set.Value == tokens).Key;

    private static IEnumerable<string> Changed<T>(string option, T value, T native, IReadOnlyDictionary<string, T> words)
        where T : struct
        => value.Equals(native) ? [] : [option, words.First(word => word.Value.Equals(value)).Key];

    private static IEnumerable<string> Blocks(string option, IEnumerable<SiteSkip> skips)
    {
        string blocks = string.Join(',', skips.Select(skip => Invariant(skip.Block)));
        return Said(option, blocks.Length == 0 ? null : blocks);
    }

    private static IEnumerable<string> Said(string option, string? value) => value is null ? [] : [option, value];

    private static string? Invariant(IFormattable? value) => value?.ToString(format: null, CultureInfo.InvariantCulture);
}
