using System.CommandLine;

namespace Experiments.Cli;

/// <summary><c>--profile</c>.</summary>
internal static class ProfileOption
{
    public static Option<bool> Make() => new("--profile") { Description = "Say at the end where the time went, by stage and part." };
}
