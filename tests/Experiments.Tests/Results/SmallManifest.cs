using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Tests.Results;

/// <summary>A manifest with nothing in it that is not needed.</summary>
internal static class SmallManifest
{
    public static RunManifest Manifest { get; } = new()
    {
        Spec = new NamedHash("my.yaml", "a"),
        Lexicon = new NamedHash("mini", "b"),
        Model = new NamedHash("mini-sd", "c"),
        ModelPlace = "of the tool",
        Annotators = [],
        Sampler = new SamplerSpec(),
        Dtype = "float32",
        Device = "cpu",
        Prompts = 1,
        Layers = [],
        Seeds = [],
        Images = 0,
        Versions = new Dictionary<string, string>(),
        Machine = new Machine("Linux", "a processor", 2, "avx2"),
        Stages = new Dictionary<string, StageRecord>(),
    };
}
