using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Flow;
using static TorchSharp.torch;

namespace Training.Tests.Flow;

public sealed class FlowTextTests : IDisposable
{
    private readonly FlowText _text = new(Path.Combine(AppContext.BaseDirectory, "models"), new Placement(ScalarType.Float32, CPU));

    [Fact]
    public void Captions_of_the_world_end_inside_the_rows_that_are_read()
    {
        using DisposeScope scope = NewDisposeScope();
        Lexicon lexicon = Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "mini.yaml"));
        SceneSampler scenes = new(lexicon, PairRule.Any, 1);

        Tensor lengths = _text.Tokens([.. Enumerable.Range(0, 1000).Select(i => scenes.At((ulong)i).Caption)]).Ends.add(1);

        Assert.InRange(lengths.max().ToInt64(), 12, MmditFiles.TextLength - 1);
    }

    [Fact]
    public void Two_captions_differ_in_every_row_of_T5_padding_too_and_in_what_CLIP_pools()
    {
        using DisposeScope scope = NewDisposeScope();

        Tensor states = _text.States(["a red car", "a blue cup"]);

        Assert.Equal([2L, MmditFiles.TextLength + 1, 128], states.shape);
        Assert.True(states[0].sub(states[1]).abs().amax([1L]).min().ToSingle() > 1e-3);
    }

    [Fact]
    public void A_transformer_that_has_only_started_moves_nothing_and_does_not_heed_guidance()
    {
        using DisposeScope scope = NewDisposeScope();
        using FlowNetwork network = new(ScalarType.Float32);
        FlowStart.Set(network, _text, ["a red car", "a photo of a blue cup", "a dog on a table"], seed: 1);

        Tensor states = _text.States(["a red car"]), latents = randn(1, 4, 16, 16), times = tensor([0.5f]);

        Assert.Equal(0, network.Velocity(latents, states, times, tensor([1f])).abs().max().ToSingle());
        using (no_grad())
        {
            network.Transformer.named_parameters().Single(pair => pair.name == "proj_out.weight").parameter.normal_();
        }

        Tensor unguided = network.Velocity(latents, states, times, tensor([1f]));
        Assert.True(unguided.abs().max().ToSingle() > 0.1);
        Assert.Equal(0, network.Velocity(latents, states, times, tensor([4f])).sub(unguided).abs().max().ToSingle());
    }

    public void Dispose() => _text.Dispose();
}
