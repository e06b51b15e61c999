using Experiments.Specs;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Experiments.Tests;

/// <summary>What docs/architecture.md says of the rooms, read off the compiled tool.</summary>
public sealed class RoomsTests : IDisposable
{
    private const string Root = nameof(Experiments) + ".";

    private readonly AssemblyDefinition _tool = AssemblyDefinition.ReadAssembly(typeof(Spec).Assembly.Location);

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void No_two_rooms_need_each_other_not_even_by_way_of_others()
    {
        Dictionary<string, HashSet<string>> needs = Needs();

        Assert.Contains("Runs", needs.Keys);
        Assert.Equal("", Cycle(needs));
    }

    [Theory]
    [InlineData("Specs", "Plans")]
    [InlineData("Plans", "Images")]
    [InlineData("Plans", "Answers")]
    [InlineData("Answers", "Measures")]
    [InlineData("Measures", "Figures")]
    [InlineData("Measures", "Tables")]
    [InlineData("Measures", "Findings")]
    [InlineData("Figures", "Reports")]
    [InlineData("Figures", "Explorer")]
    [InlineData("Reports", "Runs")]
    [InlineData("Explorer", "Runs")]
    [InlineData("Runs", "Paper")]
    [InlineData("Runs", "Beyond")]
    [InlineData("Paper", "Cli")]
    [InlineData("Beyond", "Cli")]
    [InlineData("Runs", "Cli")]
    public void The_stages_stand_in_one_line(string earlier, string later)
    {
        Dictionary<string, HashSet<string>> needs = Needs();

        Assert.Contains(earlier, needs[later]);
        Assert.DoesNotContain(later, needs[earlier]);
    }

    [Fact]
    public void No_stage_knows_the_command_line() =>
        Assert.DoesNotContain(Needs(), room => room.Key != "Cli" && room.Value.Contains("Cli"));

    [Fact]
    public void The_tool_has_nothing_public() => Assert.DoesNotContain(_tool.MainModule.Types, type => type.IsPublic);

    // The rooms that each room's code names types of.
    private Dictionary<string, HashSet<string>> Needs() =>
        _tool
            .MainModule.GetTypes()
            .Where(type => RoomOf(type) is not null)
            .GroupBy(type => RoomOf(type)!)
            .ToDictionary(
                room => room.Key,
                room => room.SelectMany(NamedBy).Select(RoomOf).OfType<string>().Where(other => other != room.Key).ToHashSet());

    private static string Cycle(Dictionary<string, HashSet<string>> needs)
    {
        foreach (string start in needs.Keys)
        {
            if (Way(start, start, needs, []) is { } way)
            {
                return string.Join(" -> ", way);
            }
        }

        return "";
    }

    private static IEnumerable<string>? Way(string from, string to, Dictionary<string, HashSet<string>> needs, HashSet<string> seen)
    {
        foreach (string next in needs.GetValueOrDefault(from) ?? [])
        {
            if (next == to)
            {
                return [from, to];
            }

            if (seen.Add(next) && Way(next, to, needs, seen) is { } way)
            {
                return way.Prepend(from);
            }
        }

        return null;
    }

    // A folder of src/Experiments: Experiments.Specs.Reading is one beside Experiments.Specs.
    private static string? RoomOf(TypeReference type)
    {
        TypeReference outer = type.GetElementType();
        while (outer.DeclaringType is not null)
        {
            outer = outer.DeclaringType;
        }

        return outer.Namespace.StartsWith(Root, StringComparison.Ordinal) ? outer.Namespace[Root.Length..] : null;
    }

    private static IEnumerable<TypeReference> NamedBy(TypeDefinition type) => Parts(
    [
        type.BaseType,
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.CustomAttributes.Select(attribute => attribute.AttributeType),
        .. type.Methods.SelectMany(method => NamedBy(method)),
    ]);

    private static IEnumerable<TypeReference?> NamedBy(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(NamedBy) : [],
    ];

    private static IEnumerable<TypeReference?> NamedBy(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(IEnumerable<TypeReference?> types)
    {
        foreach (TypeReference type in types.OfType<TypeReference>())
        {
            yield return type;
            if (type is GenericInstanceType generic)
            {
                foreach (TypeReference argument in Parts(generic.GenericArguments))
                {
                    yield return argument;
                }
            }
        }
    }
}
