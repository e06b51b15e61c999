namespace Training.Recognition;

/// <summary>What is known of the cells of one generated image, as the recognizer's classes.</summary>
internal sealed class LabeledImage
{
    private readonly long[] _said;
    private readonly bool[] _shown;

    private LabeledImage(long[] said)
    {
        _said = said;
        _shown = new bool[said.Length];
        Things = [.. said.Select(thing => thing == 0 ? 0 : CellLabels.Undecided)];
        Colors = [.. Things];
        Relations = [.. Things];
    }

    public long[] Things { get; }

    public long[] Colors { get; }

    public long[] Relations { get; }

    /// <summary>How many objects are there.</summary>
    public int Clear { get; private set; }

    /// <summary>How many are not.</summary>
    public int Missing { get; private set; }

    /// <summary>Nothing where nothing was named, undecided elsewhere.</summary>
    /// <param name="said">What the recognizer named in each cell, 0 where nothing.</param>
    public static LabeledImage LeavingOut(long[] said) => new(said);

    /// <summary>An object that is there.</summary>
    public void Show(IEnumerable<int> cells, long thing, long color, long relation)
    {
        Clear++;
        foreach (int cell in cells)
        {
            (_shown[cell], Things[cell], Colors[cell], Relations[cell]) = (true, thing, color, relation);
        }
    }

    /// <summary>An object that is not there: where it was named all the same, there is nothing.</summary>
    public void Miss(long thing)
    {
        Missing++;
        for (int cell = 0; cell < Things.Length; cell++)
        {
            if (_said[cell] == thing && !_shown[cell])
            {
                Things[cell] = 0;
            }
        }
    }
}
