namespace NetLab.Core.Packets;

/// <summary>One node of a compiled display filter.</summary>
internal abstract class FilterNode
{
    public abstract bool Matches(Dissection dissection, ReadOnlySpan<byte> frame);
}

internal sealed class EverythingNode : FilterNode
{
    public override bool Matches(Dissection dissection, ReadOnlySpan<byte> frame) => true;
}

internal sealed class AndNode(FilterNode left, FilterNode right) : FilterNode
{
    public override bool Matches(Dissection dissection, ReadOnlySpan<byte> frame) => left.Matches(dissection, frame) && right.Matches(dissection, frame);
}

internal sealed class OrNode(FilterNode left, FilterNode right) : FilterNode
{
    public override bool Matches(Dissection dissection, ReadOnlySpan<byte> frame) => left.Matches(dissection, frame) || right.Matches(dissection, frame);
}

internal sealed class NotNode(FilterNode inner) : FilterNode
{
    public override bool Matches(Dissection dissection, ReadOnlySpan<byte> frame) => !inner.Matches(dissection, frame);
}

/// <summary>A bare protocol or field: whether it is there.</summary>
internal sealed class PresenceNode(FieldDefinition[] fields) : FilterNode
{
    public override bool Matches(Dissection dissection, ReadOnlySpan<byte> frame)
    {
        if (fields[0].IsPresence)
        {
            foreach (ref readonly var layer in dissection.Layers)
            {
                if (layer.Protocol == fields[0].Protocol)
                    return true;
            }

            return false;
        }

        foreach (ref readonly var field in dissection.Fields)
        {
            if (Array.IndexOf(fields, field.Definition) >= 0)
                return true;
        }

        return false;
    }
}

/// <summary>How a field is compared with what the filter names.</summary>
internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    In,
}

/// <summary>A field compared with one value, or with any of a set.</summary>
internal sealed class ComparisonNode(FieldDefinition[] fields, Comparison comparison, FilterValue[] values) : FilterNode
{
    public override bool Matches(Dissection dissection, ReadOnlySpan<byte> frame)
    {
        if (fields[0].IsPresence)
            return ContainsInLayer(dissection, frame);
        bool found = false;
        foreach (ref readonly var field in dissection.Fields)
        {
            if (fields.Length == 1 ? field.Definition != fields[0] : Array.IndexOf(fields, field.Definition) < 0)
                continue;
            found = true;
            bool holds = Holds(field, frame);
            if (comparison == Comparison.NotEqual ? !holds : holds)
                return comparison != Comparison.NotEqual;
        }

        return comparison == Comparison.NotEqual && found;
    }

    private bool Holds(Field field, ReadOnlySpan<byte> frame)
    {
        switch (comparison)
        {
            case Comparison.Contains:
                return values[0].IsContainedIn(field, frame);
            case Comparison.In:
                foreach (var value in values)
                {
                    if (value.IsEqualTo(field, frame))
                        return true;
                }

                return false;
            case Comparison.Equal:
                return values[0].IsEqualTo(field, frame);
            case Comparison.NotEqual:
                return !values[0].IsEqualTo(field, frame);
            default:
                int order = values[0].Compare(field, frame);
                return comparison switch
                {
                    Comparison.Less => order < 0,
                    Comparison.LessOrEqual => order <= 0,
                    Comparison.Greater => order > 0,
                    _ => order >= 0,
                };
        }
    }

    private bool ContainsInLayer(Dissection dissection, ReadOnlySpan<byte> frame)
    {
        foreach (ref readonly var layer in dissection.Layers)
        {
            if (layer.Protocol == fields[0].Protocol && frame[layer.Offset..].IndexOf(values[0].Bytes) >= 0)
                return true;
        }

        return false;
    }
}
