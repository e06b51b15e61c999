using DiffusionLens.Weights;

namespace DiffusionLens.Tests.Weights;

public sealed class CheckpointKeysTests
{
    [Theory]
    [InlineData("encoder.mid_block.attentions.0.query.weight", "encoder.mid_block.attentions.0.to_q.weight")]
    [InlineData("decoder.mid_block.attentions.0.key.bias", "decoder.mid_block.attentions.0.to_k.bias")]
    [InlineData("decoder.mid_block.attentions.0.value.weight", "decoder.mid_block.attentions.0.to_v.weight")]
    [InlineData("encoder.mid_block.attentions.0.proj_attn.bias", "encoder.mid_block.attentions.0.to_out.0.bias")]
    [InlineData("mid_block.attentions.0.query.weight", "mid_block.attentions.0.query.weight")]
    [InlineData("encoder.mid_block.attentions.0.to_q.weight", "encoder.mid_block.attentions.0.to_q.weight")]
    public void Old_names_of_the_VAEs_attention_become_todays(string inFile, string today) =>
        Assert.Equal(today, CheckpointKeys.Today(inFile));

    [Theory]
    [InlineData("encoder.mid_block.attentions.0.to_q.weight", new long[] { 8, 8, 1, 1 }, new long[] { 8, 8 })]
    [InlineData("decoder.mid_block.attentions.0.to_out.0.weight", new long[] { 8, 8, 1, 1 }, new long[] { 8, 8 })]
    [InlineData("encoder.mid_block.attentions.0.to_q.weight", new long[] { 8, 8, 3, 1 }, new long[] { 8, 8, 3, 1 })]
    [InlineData("mid_block.attentions.0.proj_in.weight", new long[] { 8, 8, 1, 1 }, new long[] { 8, 8, 1, 1 })]
    public void Only_the_VAEs_attention_is_squeezed(string name, long[] inFile, long[] today) =>
        Assert.Equal(today, CheckpointKeys.TodaysShape(name, inFile));
}
