using System.CommandLine;
using System.Diagnostics;
using DiffusionLens;
using DiffusionLens.Tokenizers;
using Experiments.Cli;
using Experiments.Explorer;
using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Tests.Explorer;

public sealed class LensCommandLineTests
{
    public static TheoryData<string> Sites => [.. AllSites.Keys];

    private static Dictionary<string, LensSite> AllSites => ((LensSite[])
    [
        new(0),
        .. Enum.GetValues<SitePoint>().Select(point => new LensSite(0) { Point = point }),
        .. Enum.GetValues<SiteNorm>().Select(norm => new LensSite(0) { Norm = norm }),
        .. Enum.GetValues<SiteOthers>().Select(others => new LensSite(0) { Others = others, Encoder = SiteEncoder.Nth(2) }),
        .. Enum.GetValues<SitePooled>().Select(pooled => new LensSite(0) { Pooled = pooled }),
        .. Enum.GetValues<SiteMixture>().Select(mixture => new LensSite(0) { Mixture = mixture }),
        .. Enum.GetValues<SiteRest>().Select(rest => new LensSite(0) { Tokens = SiteTokens.Padding, Rest = rest }),
        new(0) { Tokens = SiteTokens.Prompt },
        new(0) { Tokens = SiteTokens.Template },
        new(0) { Tokens = SiteTokens.Token(17) },
        new(0) { Tokens = SiteTokens.Word("sea turtle") },
        new(0) { Tokens = SiteTokens.Word("it's: \"x\" $HOME `y` 犬") },
        new(0) { Source = "" },
        new(0) { Source = "--a photo\nof 'it'" },
        new(0) { Skip = [new SiteSkip(2), new SiteSkip(3), new SiteSkip(5, Times: 2)] },
    ]).DistinctBy(site => site.Key).ToDictionary(site => site.Key);

    [Theory]
    [MemberData(nameof(Sites))]
    public void A_sites_options_say_that_site(string key)
    {
        LensSite site = AllSites[key];
        SiteOptions options = new();
        Command command = new("lens");
        options.AddTo(command);

        ParseResult parsed = command.Parse(Words(new LensCommandLine("", null).OptionsOf(site, TextHandling.Native)!));

        Assert.Empty(parsed.Errors);
        Assert.Equal(site, options.Site(parsed).Over(SiteSpec.Native).Parts);
    }

    [Fact]
    public void What_is_done_to_a_text_is_said_too()
    {
        TextHandling text = new()
        {
            EncoderMask = TextMask.Off,
            DenoiserMask = TextMask.On,
            PaddingRows = PaddingRows.Empty,
            PaddingRowsAt = PaddingRowsAt.EveryBlock,
            Length = TextLength.Fit,
        };
        TextOptions options = new();
        ModelOptions model = new();
        Command command = new("lens");
        options.AddTo(command);
        model.AddTo(command);

        ParseResult parsed = command.Parse(Words(new LensCommandLine("", null).OptionsOf(new LensSite(0), text)!));

        Assert.Empty(parsed.Errors);
        Assert.Equal(text, (options.Text(parsed) with { Length = model.Length(parsed) }).Over(TextHandling.Native));
    }

    [Fact]
    public void A_runs_options_say_its_model_and_its_sampler()
    {
        ModelRequest model = new("a folder/o'model", "cuda:1", "bfloat16", "fp16", 128)
        {
            Cleaning = TextCleaning.Ftfy,
            SoftCapping = true,
        };
        SamplerSpec sampler = new("unipc", 11, 7.25, 48, 64, SchedulerConfig: "use_karras_sigmas=true x=[0,2]", ResolutionBinning: true);
        ModelOptions options = new();
        Command command = new("lens");
        Option<int?> height = new("--height"), width = new("--width");
        command.Add(height);
        command.Add(width);
        options.AddTo(command);

        LensCommandLine line = LensCommandLine.Of(model, SitePooled.Native, sampler, lastStage: 1);
        ParseResult parsed = command.Parse(Words($"{line.Common} {line.OptionsOf(new LensSite(0), TextHandling.Native)}"));

        Assert.Null(line.Lacks);
        Assert.Empty(parsed.Errors);
        Assert.Equal(model, options.Model(parsed));
        SamplerRequest asked = options.Sampler(parsed);
        Assert.Equal(
            ("unipc", 11, 7.25, 1, true),
            (asked.Scheduler, asked.Steps, asked.Guidance, asked.LastStage, asked.ResolutionBinning));
        Assert.Equal(["use_karras_sigmas=true", "x=[0,2]"], asked.SchedulerConfig!);
        Assert.Equal((48, 64), (parsed.GetValue(height), parsed.GetValue(width)));
    }

    [Fact]
    public void A_sites_own_length_and_pooled_vectors_stand_in_place_of_the_models()
    {
        LensCommandLine line = LensCommandLine.Of(
            new ModelRequest("m", "cpu", "float32", MaxSequenceLength: 24),
            SitePooled.Empty,
            new SamplerSpec("ddim", 1, 1),
            lastStage: null);
        string fit = line.OptionsOf(new LensSite(0), TextHandling.Native with { Length = TextLength.Fit })!;

        Assert.Equal("--pooled native --max-sequence-length fit", fit);
        Assert.Equal(
            "--max-sequence-length 24", line.OptionsOf(new LensSite(0) { Pooled = SitePooled.Empty }, TextHandling.Native));
        Assert.DoesNotContain("--max-sequence-length", line.Common, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lens_has_no_options_for_has_none()
    {
        Assert.Null(new LensCommandLine("", null).OptionsOf(new LensSite(0), new TextHandling { Length = TextLength.Of(20) }));
        ModelRequest instructed = new("m", "cpu", "float32") { Instruction = "Look." };
        Assert.NotNull(LensCommandLine.Of(instructed, SitePooled.Native, new SamplerSpec("ddim", 1, 1), lastStage: null).Lacks);
    }

    /// <summary>Words as a shell makes them of a line.</summary>
    internal static string[] Words(string line)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", $"printf '%s\\0' {line}"]) { RedirectStandardOutput = true };
        using Process shell = Process.Start(start)!;
        string said = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return line.Length == 0 ? [] : said[..^1].Split('\0');
    }
}
