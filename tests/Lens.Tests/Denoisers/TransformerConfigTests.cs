using System.Text.Json;
using DiffusionLens.Denoisers;

namespace DiffusionLens.Tests.Denoisers;

public sealed class TransformerConfigTests
{
    [Theory]
    [InlineData("""{"caption_projection_dim": 1536, "num_attention_heads": 24}""", null)]
    [InlineData("""{"_diffusers_version": "0.39.0", "qk_norm": null}""", null)]
    [InlineData("""{"new_thing": 3}""", "has 'new_thing', which is not supported; supported: sample_size, patch_size, ")]
    [InlineData("""{"qk_norm": "layer_norm"}""", "qk_norm is \"layer_norm\", which is not supported; supported: rms_norm")]
    [InlineData("""{"num_layers": 0}""", "num_layers is 0; it must be a whole number, 1 to 1000")]
    [InlineData("""{"num_layers": 2000000000}""", "num_layers is 2000000000; it must be a whole number, 1 to 1000")]
    [InlineData("""{"patch_size": -2}""", "patch_size is -2; it must be a whole number, 1 to 64")]
    [InlineData("""{"caption_projection_dim": 1024}""", "caption_projection_dim is 1024; it must be num_attention_heads times")]
    public void A_config_of_SD_3_is_read_or_refused_by_the_name_of_the_key(string json, string? error)
        => AssertRead(json, error, (root, source) => SD3TransformerConfig.Parse(root, source));

    [Theory]
    [InlineData("""{"guidance_embeds": true, "out_channels": null}""", null)]
    [InlineData("""{"controlnet": true}""", "has 'controlnet', which is not supported; supported: patch_size, ")]
    [InlineData("""{"patch_size": 2}""", "patch_size is 2, which is not supported; supported: 1")]
    [InlineData("""{"num_single_layers": 0}""", "num_single_layers is 0; it must be a whole number, 1 to 1000")]
    [InlineData("""{"axes_dims_rope": [16, 56, 54]}""", "axes_dims_rope is [16, 56, 54]; it must be three even numbers whose sum is")]
    [InlineData("""{"axes_dims_rope": [64, 64]}""", "axes_dims_rope is [64, 64]; it must be three even numbers")]
    [InlineData("""{"axes_dims_rope": [15, 57, 56]}""", "axes_dims_rope is [15, 57, 56]; it must be three even numbers")]
    public void A_config_of_FLUX_is_read_or_refused_by_the_name_of_the_key(string json, string? error)
        => AssertRead(json, error, (root, source) => FluxTransformerConfig.Parse(root, source));

    [Fact]
    public void Plain_SD_3_norms_no_queries_and_has_no_dual_blocks()
    {
        SD3TransformerConfig plain = SD3TransformerConfig.Parse(JsonSerializer.Deserialize<JsonElement>("{}"), "config.json");
        Assert.Equal((false, 0, 1152, 96), (plain.NormsQueries, plain.DualLayers.Count, plain.Width, plain.PositionTableSide));
        Assert.False(plain.BlockShape(0).IsDual);
        Assert.Equal((false, true), (plain.BlockShape(16).EndsText, plain.BlockShape(17).EndsText));
    }

    private static void AssertRead(string json, string? error, Func<JsonElement, string, object> parse)
    {
        JsonElement root = JsonSerializer.Deserialize<JsonElement>(json);
        if (error is null)
        {
            Assert.NotNull(parse(root, "config.json"));
        }
        else
        {
            BadInputException refusal = Assert.Throws<BadInputException>(() => parse(root, "config.json"));
            Assert.StartsWith($"config.json: {error}", refusal.Message, StringComparison.Ordinal);
        }
    }
}
