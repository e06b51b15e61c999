using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Residual attention of an image's positions to the text and, in one softmax with it, to themselves (diffusers: Attention with
/// AttnAddedKVProcessor, as the SimpleCrossAttn blocks use it): <c>[B, C, H, W] → [B, C, H, W]</c>.
/// </summary>
internal sealed class AddedKVAttention : ImageAttention, ITextAttention
{
    /// <summary>
    /// Groups of the norm over the text, whatever the network's own number (diffusers: <c>cross_attention_norm_num_groups</c>).
    /// </summary>
    /// <summary>Groups of channels that are normed in the text.</summary>
    internal const int TextGroups = 32;

    /// <summary>The epsilon of diffusers' Attention, whatever the network's own.</summary>
    private const double Epsilon = 1e-5;

    private readonly GroupNorm _norm, _textNorm;
    private readonly Linear _query, _textKey, _textValue;
    private readonly Linear? _key, _value;
    private readonly IReadOnlyList<Linear> _output;
    private readonly int _heads;

    public AddedKVAttention(int channels, UNet2DConditionConfig config, Placement placement)
        : base(nameof(AddedKVAttention))
    {
        SimpleCrossAttnOptions options = config.Simple!;
        _heads = channels / options.HeadWidth;
        int inner = _heads * options.HeadWidth;
        _norm = this.Add("group_norm", new GroupNorm(config.NormGroups, channels, Epsilon, placement));
        _textNorm = this.Add("norm_cross", new GroupNorm(TextGroups, config.TextWidth, Epsilon, placement));
        _query = this.Add("to_q", new Linear(channels, inner, placement));
        _key = options.TextOnly ? null : this.Add("to_k", new Linear(channels, inner, placement));
        _value = options.TextOnly ? null : this.Add("to_v", new Linear(channels, inner, placement));
        _textKey = this.Add("add_k_proj", new Linear(config.TextWidth, inner, placement));
        _textValue = this.Add("add_v_proj", new Linear(config.TextWidth, inner, placement));
        _output = this.AddList("to_out", [new Linear(inner, channels, placement)]);
    }

    public override IEnumerable<ITextAttention> Crosses => [this];

    /// <summary>
    /// Keys and values of the text: of <c>[B, S, text width]</c>. Groups of channels are normed over all
    /// tokens, so each token's keys depend on every token.
    /// </summary>
    public TextKeyValue Project(Tensor text)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor normed = _textNorm.forward(text.transpose(1, 2)).transpose(1, 2);
        Tensor key = HeadAttention.Split(_textKey.forward(normed), _heads);
        Tensor value = HeadAttention.Split(_textValue.forward(normed), _heads);
        return new(key.MoveToOuterDisposeScope(), value.MoveToOuterDisposeScope());
    }

    public override Tensor forward(Tensor input, CrossAttentionStates text)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor tokens = _norm.forward(input.flatten(2)).transpose(1, 2);
        (Tensor key, Tensor value) = text[this];
        if (_key is not null && _value is not null)
        {
            key = cat([key, HeadAttention.Split(_key.forward(tokens), _heads)], 2);
            value = cat([value, HeadAttention.Split(_value.forward(tokens), _heads)], 2);
        }

        Tensor mixed = HeadAttention.Attend(HeadAttention.Split(_query.forward(tokens), _heads), key, value, text.Mask);
        return input.Plus(_output[0].forward(mixed).transpose(1, 2).reshape(input.shape)).MoveToOuterDisposeScope();
    }
}
