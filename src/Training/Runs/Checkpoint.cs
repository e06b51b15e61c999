using System.Globalization;
using DiffusionLens;
using DiffusionLens.Weights;
using Training.Optimization;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>The state of a training on the disk. It says what it is of, so that no other training goes on from it.</summary>
/// <param name="path">The file.</param>
/// <param name="origin">What the state of this training follows from: <see cref="RunOrigin"/>.</param>
internal sealed class Checkpoint(string path, Dictionary<string, string> origin)
{
    private const string StepsName = "steps", WayOut = "give another --checkpoints, or remove it";

    /// <summary>Goes on from the state that an earlier run left, if one did.</summary>
    /// <param name="optimizer">Gets the state.</param>
    /// <param name="allSteps">Steps of the whole run.</param>
    /// <returns>Whether there is such a state.</returns>
    /// <exception cref="BadInputException">It is of another training, or of more steps.</exception>
    public bool Restore(AdamW optimizer, long allSteps)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(StepsName, out string? said)
            || !long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out long steps))
        {
            throw new BadInputException($"{path}: not written by a training: no {StepsName} in its metadata; {WayOut}");
        }

        RequireOrigin(file.Metadata);
        RequireForm(file.Entries, optimizer.State());
        if (steps > allSteps)
        {
            throw new BadInputException($"{path}: is at step {steps} already, and --steps is {allSteps}; give more steps, or {WayOut}");
        }

        optimizer.Restore(file.Read, steps);
        return true;
    }

    /// <summary>Writes the state in place of an earlier one.</summary>
    public void Save(AdamW optimizer)
    {
        Dictionary<string, string> metadata = new(origin) { [StepsName] = optimizer.Steps.ToString(CultureInfo.InvariantCulture) };
        SafetensorsWriter.Write(path, optimizer.State(), metadata);
    }

    private void RequireOrigin(IReadOnlyDictionary<string, string> metadata)
    {
        string[] other = [.. origin.Keys.Where(name => metadata.TryGetValue(name, out string? said) && said != origin[name])];
        if (other.Length > 0)
        {
            string its = string.Join(", ", other.Select(name => metadata[name]));
            string own = string.Join(", ", other.Select(name => origin[name]));
            throw new BadInputException($"{path}: is of {its}; this command has {own}; {WayOut}");
        }

        // As checkpoints were before they said it.
        string[] unknown = [.. origin.Keys.Where(name => !metadata.ContainsKey(name))];
        if (unknown.Length > 0)
        {
            Console.WriteLine($"{path}: does not say of which {string.Join(", ", unknown)} it is; taken to be of this command's");
        }
    }

    private void RequireForm(IReadOnlyDictionary<string, TensorEntry> saved, Dictionary<string, Tensor> state)
    {
        if (!state.Keys.ToHashSet().SetEquals(saved.Keys))
        {
            throw new BadInputException($"{path}: is of another --optimizer; {WayOut}");
        }

        if (state.Any(part => !part.Value.shape.SequenceEqual(saved[part.Key].Shape)))
        {
            throw new BadInputException($"{path}: is of another network; {WayOut}");
        }
    }
}
