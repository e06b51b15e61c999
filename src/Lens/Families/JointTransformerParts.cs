using DiffusionLens.Autoencoders;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Families;

/// <summary>
/// What the parts of every model behind a <see cref="JointTransformerPipeline"/> have in common; networks are checked at once
/// and loaded when their turn comes.
/// </summary>
internal abstract class JointTransformerParts<TConfig, TTransformer>
    where TTransformer : nn.Module
{
    /// <param name="folder">The model.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="length">How many tokens of a prompt may be read.</param>
    /// <param name="config">The transformer's, known to fit the other parts.</param>
    /// <param name="transformer">Builds it without values.</param>
    /// <param name="autoencoderConfig">The autoencoder's.</param>
    /// <param name="autoencoder">Builds it without values.</param>
    /// <exception cref="BadInputException">The weights of one are missing, damaged, or not of it.</exception>
    private protected JointTransformerParts(
        ModelFolder folder,
        LoadOptions options,
        SequenceLength length,
        TConfig config,
        Func<Placement, TTransformer> transformer,
        AutoencoderConfig autoencoderConfig,
        Func<Placement, Autoencoder> autoencoder)
    {
        Placement = new Placement(options.DType, options.Device ?? CPU);
        AutoencoderPlacement = autoencoderConfig.PlacementBeside(Placement);
        TextLength = length.Of(options.MaxSequenceLength);
        TransformerConfig = config;
        AutoencoderConfig = autoencoderConfig;
        Scheduler = SchedulerConfig.Of(folder);
        Transformer = new(folder, JointTransformerFolder.TransformerPart, transformer, Placement, options.Variant);
        Autoencoder = new(folder, JointTransformerFolder.AutoencoderPart, autoencoder, AutoencoderPlacement, options.Variant);
    }

    public Placement Placement { get; }

    public Placement AutoencoderPlacement { get; }

    /// <summary>How many rows the encoder writes whose length one may choose, or would write if it were there.</summary>
    public int TextLength { get; }

    public TConfig TransformerConfig { get; }

    public LazyNetwork<TTransformer> Transformer { get; }

    public AutoencoderConfig AutoencoderConfig { get; }

    public LazyNetwork<Autoencoder> Autoencoder { get; }

    public SchedulerConfig Scheduler { get; }
}
