using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DiffusionLens.Tests.Denoisers;

/// <summary>
/// The forward of the reference's <c>sd1</c> UNet once more, from the tensors of its file and torch's functions alone, so that sizes which
/// no reference has are checked by something else than what is tested.
/// </summary>
internal sealed class PlainUNet(SafetensorsFile weights, ScalarType dtype)
{
    private const int Groups = 16, Heads = 4, Width = 32;

    public Tensor Forward(Tensor sample, double timestep, Tensor text)
    {
        Tensor time = Time(timestep);
        Stack<Tensor> skips = new([Conv("conv_in", sample)]);
        for (int i = 0; i < 2; i++)
        {
            skips.Push(Attended("down_blocks.0", i, Resnet("down_blocks.0", i, skips.Peek(), time), text));
        }

        skips.Push(functional.conv2d(
            skips.Peek(), W("down_blocks.0.downsamplers.0.conv.weight"), W("down_blocks.0.downsamplers.0.conv.bias"), [2, 2], [1, 1]));
        for (int i = 0; i < 2; i++)
        {
            skips.Push(Resnet("down_blocks.1", i, skips.Peek(), time));
        }

        Tensor h = Attended("mid_block", 0, Resnet("mid_block", 0, skips.Peek(), time), text);
        h = Resnet("mid_block", 1, h, time);
        for (int i = 0; i < 3; i++)
        {
            h = Resnet("up_blocks.0", i, cat([h, skips.Pop()], 1), time);
        }

        h = Conv("up_blocks.0.upsamplers.0.conv", Stretched(h, skips.Peek()));
        for (int i = 0; i < 3; i++)
        {
            h = Attended("up_blocks.1", i, Resnet("up_blocks.1", i, cat([h, skips.Pop()], 1), time), text);
        }

        return Conv("conv_out", functional.silu(Normed("conv_norm_out", h, 1e-5)));
    }

    /// <summary>A pixel of the larger image is that of the smaller one whose share of the side it lies in.</summary>
    private static Tensor Stretched(Tensor image, Tensor like)
    {
        return image.index_select(2, Sources(image.shape[2], like.shape[2])).index_select(3, Sources(image.shape[3], like.shape[3]));

        static Tensor Sources(long from, long to) => tensor([.. Enumerable.Range(0, (int)to).Select(place => place * from / to)]);
    }

    private Tensor Time(double timestep)
    {
        double[] angles = [.. Enumerable.Range(0, Width / 2).Select(i => timestep * Math.Pow(10000, -i / (Width / 2.0)))];
        Tensor sinusoids = tensor([.. angles.Select(Math.Cos), .. angles.Select(Math.Sin)], [1, Width]).to_type(dtype);
        return functional.silu(Linear("time_embedding.linear_2", functional.silu(Linear("time_embedding.linear_1", sinusoids))));
    }

    private Tensor Resnet(string block, int index, Tensor x, Tensor time)
    {
        string name = $"{block}.resnets.{index}";
        Tensor h = Conv($"{name}.conv1", functional.silu(Normed($"{name}.norm1", x, 1e-5)));
        h = h.add(Linear($"{name}.time_emb_proj", time).unsqueeze(-1).unsqueeze(-1));
        h = Conv($"{name}.conv2", functional.silu(Normed($"{name}.norm2", h, 1e-5)));
        string shortcut = $"{name}.conv_shortcut";
        return h.add(weights.Entries.ContainsKey($"{shortcut}.weight") ? Conv(shortcut, x) : x);
    }

    private Tensor Attended(string block, int index, Tensor x, Tensor text)
    {
        string name = $"{block}.attentions.{index}", inner = $"{name}.transformer_blocks.0";
        Tensor h = Conv($"{name}.proj_in", Normed($"{name}.norm", x, 1e-6)).flatten(2).transpose(1, 2);
        Tensor normed = LayerNorm($"{inner}.norm1", h);
        h = h.add(Attention($"{inner}.attn1", normed, normed));
        h = h.add(Attention($"{inner}.attn2", LayerNorm($"{inner}.norm2", h), text));
        Tensor[] gated = Linear($"{inner}.ff.net.0.proj", LayerNorm($"{inner}.norm3", h)).chunk(2, -1);
        h = h.add(Linear($"{inner}.ff.net.2", gated[0].mul(functional.gelu(gated[1]))));
        return Conv($"{name}.proj_out", h.transpose(1, 2).reshape(x.shape)).add(x);
    }

    private Tensor Attention(string name, Tensor x, Tensor of)
    {
        Tensor q = Split($"{name}.to_q", x), k = Split($"{name}.to_k", of), v = Split($"{name}.to_v", of);
        Tensor weight = q.matmul(k.transpose(-2, -1)).div(tensor(Math.Sqrt(q.shape[^1]), dtype)).softmax(-1);
        return Linear($"{name}.to_out.0", weight.matmul(v).transpose(1, 2).flatten(2));

        Tensor Split(string projection, Tensor input)
            => Linear(projection, input).view(input.shape[0], input.shape[1], Heads, -1).transpose(1, 2);
    }

    private Tensor Conv(string name, Tensor x)
    {
        Tensor weight = W($"{name}.weight");
        long padding = weight.shape[^1] / 2;
        return functional.conv2d(x, weight, W($"{name}.bias"), [1, 1], [padding, padding]);
    }

    private Tensor Linear(string name, Tensor x) => functional.linear(
        x, W($"{name}.weight"), weights.Entries.ContainsKey($"{name}.bias") ? W($"{name}.bias") : null);

    private Tensor Normed(string name, Tensor x, double epsilon)
        => functional.group_norm(x, Groups, W($"{name}.weight"), W($"{name}.bias"), epsilon);

    private Tensor LayerNorm(string name, Tensor x)
        => functional.layer_norm(x, [x.shape[^1]], W($"{name}.weight"), W($"{name}.bias"));

    private Tensor W(string name) => weights.Read(name).to_type(dtype);
}
