using DiffusionLens;
using DiffusionLens.Schedulers;

namespace Experiments.Specs.Reading;

/// <summary>Reads <c>sampler:</c>.</summary>
internal static class SamplerSection
{
    private const int SideStep = 8;

    public static SamplerSpec Read(Node? node)
    {
        if (node is null)
        {
            return new SamplerSpec();
        }
        Fields fields = new(
            node, "the sampler", "scheduler", "scheduler config", "steps", "guidance", "height", "width", "resolution binning");
        return new SamplerSpec(
            fields.Optional("scheduler")?.OneOf("scheduler", SamplerSpec.Schedulers),
            fields.Optional("steps")?.WholeNumber("the number of denoising steps", 1, 1000),
            fields.Optional("guidance")?.Number("the scale of the guidance", 0, 100),
            Side(fields.Optional("height")),
            Side(fields.Optional("width")),
            SchedulerConfig: fields.Optional("scheduler config") is { } config ? ConfigOf(config) : null,
            ResolutionBinning: fields.Optional("resolution binning")?.OneOf("resolution binning", ["on", "off"]) == "on" ? true : null);
    }

    private static string ConfigOf(Node node)
    {
        string[] settings =
        [
            .. node.Block("keys of a scheduler_config.json, such as use_karras_sigmas: true")
                .Select(entry => $"{entry.Name.Value}={ValueOf(entry.Value)}"),
        ];
        try
        {
            return SchedulerOptions.Parse(settings).ToString();
        }
        catch (BadInputException problem)
        {
            throw node.Location.Error(problem.Message);
        }
    }

    private static string ValueOf(Node value) => value is ListNode list
        ? $"[{string.Join(',', list.Items.Select(item => item.Text("a number").Value))}]"
        : value.Text("a value such as true, 0.5 or sigma_min").Value;

    private static int? Side(Node? node)
    {
        const string Wanted = "a length in pixels, a multiple of 8";
        int? side = node?.WholeNumber(Wanted, SideStep, 4096);
        return side % SideStep is null or 0 ? side : throw node!.Wrong(Wanted);
    }
}
