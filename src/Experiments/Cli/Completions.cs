using System.CommandLine.Completions;
using Experiments.Catalog;

namespace Experiments.Cli;

/// <summary>Names that a shell offers while a command is typed.</summary>
internal static class Completions
{
    /// <summary>Experiments, those of the current folder included.</summary>
    public static IEnumerable<CompletionItem> Specs(CompletionContext context) => Items(AssetCatalog.Experiments.Names());

    /// <summary>The embedded models.</summary>
    public static IEnumerable<CompletionItem> Models(CompletionContext context) => Items(AssetCatalog.Models.Names());

    private static IEnumerable<CompletionItem> Items(IEnumerable<string> names) => names.Select(name => new CompletionItem(name));
}
