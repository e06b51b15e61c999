using DiffusionLens.Families;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Specs;

namespace Experiments.Tests.Runs;

public sealed class ModelFactsTests
{
    [Fact]
    public void A_model_of_one_encoder_says_what_is_read_through_which_norm_and_mask_and_how_it_was_sampled()
    {
        Dictionary<string, string> facts = Facts("sd1");

        Assert.StartsWith("Stable Diffusion (StableDiffusionPipeline), ", facts["Model"], StringComparison.Ordinal);
        Assert.Equal("h^5 of text_encoder (5 blocks, causal mask), through its final norm, all positions, padding too", facts["Reads"]);
        Assert.Equal("nothing", facts["Pooled"]);
        Assert.EndsWith("Layer 5 is the model's own image", facts["Lens"], StringComparison.Ordinal);
        Assert.Contains("77 tokens", facts["Tokens"], StringComparison.Ordinal);
        Assert.Equal("ddim, 7 steps, guidance 3", facts["Sampler"]);
        Assert.Equal("bfloat16 on cuda", facts["Computed in"]);
    }

    [Fact]
    public void A_model_of_several_encoders_says_how_their_states_are_joined_and_what_is_pooled()
    {
        Assert.EndsWith(
            "\njoined side by side: a position is one row with the channels of all", Facts("sdxl")["Reads"], StringComparison.Ordinal);
        Assert.Contains("\njoined the CLIPs side by side, ", Facts("sd3")["Reads"], StringComparison.Ordinal);
        Assert.Contains("pooled at the end token", Facts("sdxl")["Pooled"], StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Facts(string model)
    {
        ReportCard card = ModelFacts.Of(
            ModelFamily.Inspect([Path.Combine(AppContext.BaseDirectory, "reference", model)], variant: null), Manifest);
        Assert.Equal("small", card.Name);
        return card.Facts.ToDictionary(fact => fact.Name, fact => fact.Value);
    }

    internal static readonly RunManifest Manifest = new()
    {
        Spec = new NamedHash("colors.yaml", new string('1', 64)),
        Lexicon = new NamedHash("mini", new string('2', 64)),
        Model = new NamedHash("small", new string('3', 64)),
        ModelPlace = "small",
        Annotators = [],
        Sampler = new SamplerSpec("ddim", 7, 3),
        Dtype = "bfloat16",
        Device = "cuda",
        Prompts = 1,
        Layers = [0],
        Seeds = [0],
        Images = 1,
        Versions = new Dictionary<string, string>(),
        Machine = new Machine("System", "Processor", 2, "avx2"),
        Stages = new Dictionary<string, StageRecord>(),
    };
}
