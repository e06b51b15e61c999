// From which layer on half of the images are right: dotnet run --project samples/ReadResults -- results/colors/mini-sd
using CsvHelper;

using CsvReader csv = CsvReader.FromFile(Path.Combine(args[0], "measures.csv"), new CsvReaderOptions { Separator = ',' });
Dictionary<string, int?> reached = [];
while (csv.Read())
{
    // Lines without a figure count the rows of a condition that are right, over all rows, from the first layer to the last.
    if (csv.GetString("figure").Length == 0)
    {
        string condition = csv.GetString("condition");
        int? before = reached.GetValueOrDefault(condition);
        reached[condition] = before ?? (csv.Parse<double>("mean") >= 0.5 ? csv.Parse<int>("layer") : null);
    }
}

foreach ((string condition, int? layer) in reached)
{
    Console.WriteLine(layer is null ? $"{condition}: at no layer" : $"{condition}: layer {layer}");
}
