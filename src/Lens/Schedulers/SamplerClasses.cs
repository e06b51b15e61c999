namespace DiffusionLens.Schedulers;

/// <summary>All samplers there are.</summary>
internal static class SamplerClasses
{
    /// <summary>The paper's authors' choice for Stable Diffusion.</summary>
    public const string DpmSolver = "dpmsolver++";

    public static readonly IReadOnlyList<SamplerClass> All =
    [
        new SamplerClass(
            DpmSolver,
            "DPMSolverMultistepScheduler",
            (config, steps, pipeline) => new DpmSolverMultistepScheduler(config, steps, pipeline)),
        new SamplerClass("ddim", "DDIMScheduler", (config, steps) => new DdimScheduler(config, steps)),
        new SamplerClass("pndm", "PNDMScheduler", (config, steps) => new PndmScheduler(config, steps)),
        new SamplerClass("euler", "EulerDiscreteScheduler", (config, steps) => new EulerDiscreteScheduler(config, steps)),
        new SamplerClass("ddpm", "DDPMScheduler", (config, steps) => new DdpmScheduler(config, steps)),
        new SamplerClass(
            "euler_ancestral",
            "EulerAncestralDiscreteScheduler",
            (config, steps) => new EulerAncestralDiscreteScheduler(config, steps)),
        new SamplerClass(
            "unipc",
            "UniPCMultistepScheduler",
            (config, steps, pipeline) => new UniPcMultistepScheduler(config, steps, pipeline)),
        new SamplerClass(
            "deis",
            "DEISMultistepScheduler",
            (config, steps, pipeline) => new DeisMultistepScheduler(config, steps, pipeline)),
        new SamplerClass("heun", "HeunDiscreteScheduler", (config, steps) => new HeunDiscreteScheduler(config, steps)),
        new SamplerClass("lms", "LMSDiscreteScheduler", (config, steps) => new LmsDiscreteScheduler(config, steps)),
        new SamplerClass(
            "kdpm2",
            "KDPM2DiscreteScheduler",
            (config, steps) => new Kdpm2DiscreteScheduler(config, steps, isAncestral: false)),
        new SamplerClass(
            "kdpm2_ancestral",
            "KDPM2AncestralDiscreteScheduler",
            (config, steps) => new Kdpm2DiscreteScheduler(config, steps, isAncestral: true)),
        new SamplerClass("lcm", "LCMScheduler", (config, steps) => new LcmScheduler(config, steps)),
        new SamplerClass("tcd", "TCDScheduler", (config, steps) => new TcdScheduler(config, steps)),
        new SamplerClass(
            "dpmsolver_singlestep",
            "DPMSolverSinglestepScheduler",
            (config, steps, pipeline) => new DpmSolverSinglestepScheduler(config, steps, pipeline)),
        new SamplerClass(
            "flow_match_euler",
            "FlowMatchEulerDiscreteScheduler",
            (config, steps, pipeline) => new FlowMatchEulerDiscreteScheduler(config, steps, pipeline)),
        new SamplerClass(
            "flow_match_heun",
            "FlowMatchHeunDiscreteScheduler",
            (config, steps) => new FlowMatchHeunDiscreteScheduler(config, steps)),
    ];
}
