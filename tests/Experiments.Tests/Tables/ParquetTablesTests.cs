using Experiments.Answers;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using Parquet;
using Parquet.Schema;

namespace Experiments.Tests.Tables;

public sealed class ParquetTablesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parquet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tables_in_Parquet_hold_what_the_tables_in_text_hold_with_types()
    {
        ResultsFolder results = new(Path.Combine(_folder, "results"));
        Answer[] answers =
        [
            new()
            {
                PromptNumber = 3, Condition = "object", Prompt = "a cow, \"red\"\nand ümlaut", Seed = ulong.MaxValue, Layer = 12,
                Site = "layer-12", Question = "has object", Score = 0.25, Yes = true, Annotator = "robot@00000001",
                Asked = "Is there a cow?", Image = "images/a.png", ImageHash = "px-0123456789abcdef", CutOff = "rest",
            },
            new()
            {
                PromptNumber = 4, Condition = "object", Prompt = "a kite", Seed = 0, Layer = 0, Question = "has object", Yes = false,
                Annotator = "by hand", Answered = new DateTimeOffset(2026, 11, 27, 14, 5, 25, TimeSpan.Zero),
            },
        ];
        AnswerTable.Write(results.Answers, answers);
        MeasureTable.Write(results.Measures, []);

        (string answersPath, int lines) = ParquetTables.Write(results, Path.Combine(_folder, "parquet"))[0];

        Assert.Equal(2, lines);
        await using ParquetReader reader = await ParquetReader.CreateAsync(answersPath);
        string header = File.ReadLines(results.Answers).First();
        Assert.Equal(header.Split(',').Order(), reader.Schema.GetDataFields().Select(field => field.Name).Order());
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        Assert.Equal(new string?[] { answers[0].Prompt, answers[1].Prompt }, await Texts("prompt"));
        Assert.Equal(new[] { ulong.MaxValue, 0UL }, await Values<ulong>("seed"));
        Assert.Equal(new[] { 12, 0 }, await Values<int>("layer"));
        Assert.Equal(new double?[] { 0.25, null }, await Optional<double>("score"));
        Assert.Equal(new bool?[] { true, false }, await Optional<bool>("yes"));
        Assert.Equal(new DateTime?[] { null, answers[1].Answered!.Value.UtcDateTime }, await Optional<DateTime>("answered"));

        async Task<string?[]> Texts(string column)
        {
            string?[] cells = new string?[lines];
            await group.ReadAsync(FieldOf(column), cells.AsMemory());
            return cells;
        }

        async Task<T[]> Values<T>(string column)
            where T : struct
        {
            T[] cells = new T[lines];
            await group.ReadAsync<T>(FieldOf(column), cells.AsMemory());
            return cells;
        }

        async Task<T?[]> Optional<T>(string column)
            where T : struct
        {
            T?[] cells = new T?[lines];
            await group.ReadAsync<T>(FieldOf(column), cells.AsMemory());
            return cells;
        }

        DataField FieldOf(string column) => reader.Schema.FindDataField(column);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_measures_columns_are_those_of_the_table_in_text(bool isCorrected)
    {
        MeasurePoint point = new()
        {
            Figure = "colors",
            Curve = "all",
            Condition = "object",
            Rows = RowChoice.All,
            Site = "",
            Layer = 1,
            Seeds = 1,
            Share = new Proportion(0.5, null, new Interval(0.2, 0.8), 2),
            Corrected = isCorrected ? new CorrectedShare(0.4, new Interval(0.1, 0.9), "robot") : null,
        };
        ResultsFolder results = new(Path.Combine(_folder, "results"));
        AnswerTable.Write(results.Answers, []);
        MeasureTable.Write(results.Measures, [point]);

        string path = ParquetTables.Write(results, Path.Combine(_folder, "parquet"))[1].Path;

        await using ParquetReader reader = await ParquetReader.CreateAsync(path);
        Assert.Equal(File.ReadLines(results.Measures).First().Split(','), reader.Schema.GetDataFields().Select(field => field.Name));
    }
}
