using System.Text.RegularExpressions;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>Knows what else is published as one file of tensors, and says of each what to do with it.</summary>
internal static partial class OtherFile
{
    private const string Readable = "single files are read of Stable Diffusion 1.x, 2.x and XL";

    /// <summary>Names that only one sort of file has, and what to say of it.</summary>
    private static readonly (Regex Sign, string Is)[] Kinds =
    [
        (Adapter(), "is an adapter (T2I, IP or the like), which goes on top of a model, and no model; give the model that it goes with"),
        (Motion(), "is a model or a motion module for video, not for images; give a text-to-image model"),
        (StableDiffusion3(), $"is a Stable Diffusion 3 model; {Readable}: take the diffusers folder of this one"),
        (Flux(), $"is a FLUX model; {Readable}: take the diffusers folder of this one"),
        (OtherTransformer(),
            $"is a diffusion transformer without the rest of its model; {Readable}: take the diffusers folder of this one"),
        (UnClip(), "is a Stable Diffusion unCLIP model, which starts from an image; give a text-to-image model"),
        (Zero123(), "is a model that turns an image to another view; give a text-to-image model"),
        (EdmPrediction(), "is a model of the EDM kind (Playground v2.5: edm_mean, edm_std), whose sampler is not supported"),
        (EdmVelocity(),
            "is a model of the EDM kind (CosXL: edm_vpred.sigma_max, edm_vpred.sigma_min), whose sampler is not supported"),
    ];

    /// <summary>Goes on where the file is a whole checkpoint of a text-to-image model that is read.</summary>
    /// <exception cref="BadInputException">It is something else; says what, and the way out.</exception>
    public static void Refuse(CheckpointFile file)
    {
        const long RefinerWidth = 1280;
        if (TensorNames.Diagnosis(file.Path, file.Tensors) is { } stray)
        {
            throw new BadInputException($"{file.Path}: is {stray}");
        }

        foreach ((Regex sign, string what) in Kinds)
        {
            if (file.Tensors.Keys.Any(name => sign.IsMatch(name)))
            {
                throw new BadInputException($"{file.Path}: {what}");
            }
        }

        RefuseParts(file);
        if (CheckpointSigns.Of(file) is { Text: TextLayout.StableDiffusion2, ContextWidth: RefinerWidth })
        {
            throw new BadInputException(
                $"{file.Path}: is Stable Diffusion XL's refiner, which finishes images of the base model; give the base model");
        }

        RefuseOtherInputs(file);
    }

    private static void RefuseParts(CheckpointFile file)
    {
        bool hasText = file.Has("cond_stage_model.") || file.Has("conditioner.");
        bool hasUNet = file.Has(CheckpointSigns.UNetPrefix);
        bool hasAutoencoder = CheckpointSigns.AutoencoderPrefixes.Any(file.Has);
        if (hasUNet && hasText && hasAutoencoder)
        {
            return;
        }

        string[] lacks =
        [
            .. hasUNet ? Array.Empty<string>() : [$"UNet ({CheckpointSigns.UNetPrefix}*)"],
            .. hasText ? Array.Empty<string>() : ["text encoder (cond_stage_model.* or conditioner.*)"],
            .. hasAutoencoder ? Array.Empty<string>() : [$"autoencoder ({CheckpointSigns.AutoencoderPrefixes[0]}*)"],
        ];
        string lacking = $"it has no {string.Join(" and no ", lacks)}";
        if (hasUNet)
        {
            throw new BadInputException(
                hasText || hasAutoencoder
                    ? $"{file.Path}: is a part of a model only: {lacking}; give the whole checkpoint"
                    : $"{file.Path}: is a file with a UNet alone: {lacking}; give the whole checkpoint, or make a folder of it with "
                        + "diffusers: StableDiffusionPipeline.from_pretrained(BASE, unet=UNet2DConditionModel.from_single_file(FILE))"
                        + ".save_pretrained(FOLDER)");
        }

        string alone = hasAutoencoder || AnyName(file, BareAutoencoder()) ? "an autoencoder (VAE) alone"
            : AnyName(file, BareUNet()) ? "a UNet alone"
            : hasText || AnyName(file, BareTextEncoder()) ? "a text encoder alone"
            : "";
        throw new BadInputException(alone.Length > 0
            ? $"{file.Path}: is {alone}, a part of a model; give the whole model: its checkpoint, or its diffusers folder with this "
                + "part in it"
            : $"{file.Path}: is no checkpoint of a text-to-image model in CompVis' layout: {lacking}"
                + (file.Tensors.Count == 0 ? "; it holds no tensor at all" : $"; its tensors are such as '{file.Tensors.Keys.Min()}'"));
    }

    private static void RefuseOtherInputs(CheckpointFile file)
    {
        const string TextToImage = "those of text-to-image models read 4; give one of these";
        string name = CheckpointSigns.UNetPrefix + "input_blocks.0.0.weight";
        if (!file.Tensors.TryGetValue(name, out TensorEntry? weight) || weight.Shape is not [_, long channels, _, _])
        {
            throw new BadInputException($"{file.Path}: has no tensor '{name}' of four dimensions, the UNet's first convolution");
        }

        string? what = channels switch
        {
            4 => null,
            9 => "is an inpainting model",
            8 => "is a model that edits images by instructions (pix2pix)",
            5 => "is a depth-to-image model",
            7 => "is an upscaler",
            _ => "is no text-to-image model that is known",
        };
        if (what is not null)
        {
            throw new BadInputException($"{file.Path}: {what}: its UNet reads {channels} channels; {TextToImage}");
        }
    }

    private static bool AnyName(CheckpointFile file, Regex sign) => file.Tensors.Keys.Any(name => sign.IsMatch(name));

    [GeneratedRegex(@"^adapter\.|^body\.\d+\.|^photomaker|\.processor\.to_[kv]_ip\.")]
    private static partial Regex Adapter();

    [GeneratedRegex(@"motion_modules\.|\.time_stack\.|\.temporal_transformer")]
    private static partial Regex Motion();

    [GeneratedRegex(@"(^|\.)joint_blocks\.\d")]
    private static partial Regex StableDiffusion3();

    [GeneratedRegex(@"(^|\.)(double_blocks|single_blocks)\.\d")]
    private static partial Regex Flux();

    [GeneratedRegex(@"^(model\.diffusion_model\.)?(transformer_blocks|single_transformer_blocks|double_layers|blocks|layers)\.\d")]
    private static partial Regex OtherTransformer();

    [GeneratedRegex(@"^noise_augmentor\.|^embedder\.model\.")]
    private static partial Regex UnClip();

    [GeneratedRegex(@"^cc_projection\.")]
    private static partial Regex Zero123();

    [GeneratedRegex(@"^edm_(mean|std)$")]
    private static partial Regex EdmPrediction();

    [GeneratedRegex(@"^edm_vpred\.sigma_(max|min)$")]
    private static partial Regex EdmVelocity();

    [GeneratedRegex(@"^(encoder|decoder)\.(down|up|mid|conv_in|down_blocks|up_blocks|mid_block)\b|^(post_)?quant_conv\.")]
    private static partial Regex BareAutoencoder();

    [GeneratedRegex(@"^(unet\.)?(input_blocks|output_blocks|down_blocks|up_blocks|time_embed|time_embedding)\.")]
    private static partial Regex BareUNet();

    [GeneratedRegex(@"^(text_model|transformer\.resblocks|encoder\.block|encoder\.layers|token_embedding|text_encoders?)\b")]
    private static partial Regex BareTextEncoder();
}
