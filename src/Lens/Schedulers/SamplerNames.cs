namespace DiffusionLens.Schedulers;

/// <summary>
/// The names of <see cref="SamplerClasses.All"/>, apart from them: help lists names and has no use for seventeen samplers.
/// </summary>
internal static class SamplerNames
{
    public static readonly IReadOnlyList<string> All =
    [
        SamplerClasses.DpmSolver,
        "ddim",
        "pndm",
        "euler",
        "ddpm",
        "euler_ancestral",
        "unipc",
        "deis",
        "heun",
        "lms",
        "kdpm2",
        "kdpm2_ancestral",
        "lcm",
        "tcd",
        "dpmsolver_singlestep",
        "flow_match_euler",
        "flow_match_heun",
    ];
}
