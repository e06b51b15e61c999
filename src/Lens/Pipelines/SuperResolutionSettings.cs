namespace DiffusionLens.Pipelines;

/// <summary>
/// How the second stage of a cascade enlarges the first one's images, with the same scheduler and the same text
/// (diffusers: IFSuperResolutionPipeline). Its noise is that of the seed after the image's.
/// </summary>
/// <param name="Steps">Steps of the sampler, 1 or more; null: as many as in the first stage.</param>
/// <param name="Guidance">Classifier-free guidance, as in <see cref="SamplerSettings.Guidance"/>.</param>
/// <param name="NoiseLevel">
/// How much noise the small image gets before it is enlarged upon, as a training step, 0..999: what the first stage got wrong in detail
/// is lost in it.
/// </param>
public sealed record SuperResolutionSettings(int? Steps = null, double Guidance = 4, int NoiseLevel = 250)
{
    internal SamplerSettings Over(SamplerSettings first) => first with { Steps = Steps ?? first.Steps, Guidance = Guidance };
}
