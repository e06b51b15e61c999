namespace Fuzz.Mutation;

/// <summary>Changes a protobuf message field by field (SentencePiece's models).</summary>
internal sealed class ProtobufMutator : Mutator
{
    private protected override byte[] Once(byte[] bytes, byte[] other, Random random)
    {
        IReadOnlyList<ProtobufField> fields = ProtobufField.In(bytes);
        if (fields.Count == 0)
        {
            return ByteMutator.Change(bytes, other, random);
        }

        // Those after the many pieces say how text is treated.
        ProtobufField field = random.Next(3) == 0 ? fields[^1] : Any(fields, random);
        switch (random.Next(6))
        {
            case 0:
                return Replaced(bytes, field.Start, field.End, []);
            case 1:
                return Replaced(bytes, field.Start, field.Start, bytes.AsSpan(field.Start..field.End));
            case 2:
                byte[] length = ProtobufField.Varint((ulong)random.NextInt64() >> random.Next(60));
                return Replaced(bytes, field.Start + 1, field.Start + 2, length);
            case 3 when field.Number != 1 || random.Next(2) == 0:
                byte[] inner = bytes[field.ContentStart..field.End];
                byte[] changed = Once(inner, other, random);
                return Replaced(bytes, field.Start, field.End, ProtobufField.Written(field.Number, changed));
            case 4:
                IReadOnlyList<ProtobufField> others = ProtobufField.In(other);
                ProtobufField? taken = others.Count == 0 ? null : Any(others, random);
                return taken is null ? bytes : Replaced(bytes, field.Start, field.Start, other.AsSpan(taken.Start..taken.End));
            default:
                return Replaced(
                    bytes,
                    field.Start,
                    field.End,
                    ProtobufField.Written(field.Number, ByteMutator.Change(bytes[field.ContentStart..field.End], other, random)));
        }
    }
}
