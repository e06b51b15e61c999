namespace Fuzz.Readers;

/// <summary>Every reader of bytes from anyone.</summary>
internal static class ReaderCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzedReader> All { get; } =
        [
            .. WeightReaders.All, .. ConfigReaders.All, .. ModelReaders.All, .. TokenizerReaders.All, .. SpecReaders.All,
            .. ResultReaders.All, .. WordReaders.All,
        ];

    /// <param name="name">A reader's name.</param>
    public static FuzzedReader Named(string name) => All.First(reader => reader.Name == name);
}
