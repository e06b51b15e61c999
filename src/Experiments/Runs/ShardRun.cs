using System.Diagnostics;
using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using Experiments.Console;
using Experiments.Images;
using Experiments.Models;
using Experiments.Results;
using TorchSharp;

namespace Experiments.Runs;

/// <summary>
/// Makes the images of one shard, beside others that make theirs in the same folder. Answers and all that follows are left to a run of the
/// whole.
/// </summary>
internal sealed class ShardRun
{
    private readonly Preparation _prepared;
    private readonly Terminal _terminal;
    private readonly string _file;
    private readonly ShardRecord? _before;
    private ShardRecord _record;

    private ShardRun(Preparation prepared, Terminal terminal)
    {
        (_prepared, _terminal) = (prepared, terminal);
        _file = prepared.Folder.Shard(prepared.Request.Shard!.FileName);
        _before = ShardRecord.Read(_file);
        _record = new ShardRecord
        {
            Shard = prepared.Request.Shard.ToString(),
            Done = false,
            Run = prepared.Manifest,
            MadeBy = _before?.MadeBy ?? [],
        };
    }

    /// <summary>Does what is asked for.</summary>
    /// <param name="prepared">What is asked for, prepared; it has a shard.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">The results folder is not right, or has images of other settings or of another kind of
    /// machine.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static void Execute(Preparation prepared, Terminal terminal)
    {
        prepared.Tell(terminal.Output);
        if (prepared.Request.DryRun)
        {
            prepared.TellPlan(terminal.Output);
            return;
        }

        prepared.Claim(terminal);
        prepared.SaveDigests();
        new ShardRun(prepared, terminal).Execute();
    }

    private void Execute()
    {
        RequireSameSettings();
        using Activity? activity = LensActivity.Start("images");
        Stopwatch watch = Stopwatch.StartNew();
        LoadedModel? model = null;
        ImageMaker? maker = null;
        double kept = -1, there = 0;
        bool done = false;
        try
        {
            ProgressLine line = new("images", "images", _prepared.Plan.ImageCount);
            ImagesOutcome outcome = ProgressDisplay.Show(_terminal, line, tell => ImagesStage.Run(
                _prepared.Plan, _prepared.Recipe, _prepared.Folder, Load, _prepared.Request.Force, Count(tell), _terminal.Cancellation));
            done = true;
            string say = outcome.Kept == _prepared.Plan.ImageCount ? $"all {outcome.Kept} are there"
                : $"{outcome.Made} made, {outcome.Replaced} made again, {outcome.Kept} were there";
            _terminal.Output.WriteLine($"{"images",-12}{say}");
        }
        catch
        {
            TryNote();
            throw;
        }
        finally
        {
            model?.Dispose();
        }

        Note();

        ImageGenerator Load()
        {
            maker = Claim(Maker());
            model = LoadedModel.Load(_prepared.Model.Folders, _prepared.Request.Model, _prepared.Sampler);
            return model.AsGenerator();
        }

        Action<double> Count(Action<double> tell) => count =>
        {
            kept = kept < 0 ? count : kept;
            there = count;
            tell(count);
        };

        // What cut it off is what is told, and not that this could not be noted either.
        void TryNote()
        {
            try
            {
                Note();
            }
            catch (Exception second) when (second is BadInputException || SystemFailure.Line(second) is not null)
            {
            }
        }

        // Where nothing was made and nothing has changed the file stays as it is.
        void Note()
        {
            if (maker is not null)
            {
                _record = _record.With(maker, (int)(there - kept), Math.Round(watch.Elapsed.TotalSeconds, 1)) with { Done = done };
                _record.Write(_file);
            }
            else if (done && _before is not { Done: true })
            {
                (_record with { Done = true }).Write(_file);
            }
        }
    }

    private ImageMaker Maker() =>
        ImageMaker.Here(_prepared.Request.Model.Device, torch.get_num_threads(), _prepared.Manifest.Versions["torchsharp"]);

    private void RequireSameSettings()
    {
        foreach (NotedShard other in ShardRecord.ReadAll(_prepared.Folder))
        {
            if (RunDifference.Between(other.Record.Run, _prepared.Manifest) is { } difference)
            {
                throw new BadInputException(
                    $"{other.Path}: is of {difference}, which make other images; name another folder with --out, or delete "
                        + $"{_prepared.Folder.Shards} if those are to be replaced");
            }
        }
    }

    // Says what makes images here before it looks at the others, so that of two that begin at once one at least sees the other.
    private ImageMaker Claim(ImageMaker maker)
    {
        _record = _record.With(maker, images: 0, seconds: 0);
        _record.Write(_file);
        if (!_prepared.Request.Mixed && OtherMaker(maker) is { } refusal)
        {
            if (_before is null)
            {
                File.Delete(_file);
            }
            else
            {
                _before.Write(_file);
            }

            throw refusal;
        }

        return maker;
    }

    private BadInputException? OtherMaker(ImageMaker maker) =>
        ShardRecord.ReadAll(_prepared.Folder)
            .SelectMany(other => other.Record.MadeBy.Select(made => (other.Path, made.Maker)))
            .Where(other => !other.Maker.MakesSameAs(maker))
            .Select(other => new BadInputException(
                $"{other.Path}: images by {other.Maker}; here it is {maker}, whose images may differ by a level; make all shards alike "
                    + "(nodes of one kind, OMP_NUM_THREADS), or allow it with --mixed, or give each kind a folder with --out and join them "
                    + "with 'merge --tolerance'"))
            .FirstOrDefault();
}
