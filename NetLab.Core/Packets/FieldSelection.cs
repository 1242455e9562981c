namespace NetLab.Core.Packets;

/// <summary>A set of fields that a dissection is made for: what <c>--fields</c> prints, or what a filter compares.</summary>
public sealed class FieldSelection
{
    private readonly FieldDefinition[][] _columns;

    /// <summary>Of these fields.</summary>
    public FieldSelection(IEnumerable<FieldDefinition> fields)
        : this(fields.Select(field => new[] { field }).ToArray(), [])
    {
    }

    private FieldSelection(FieldDefinition[][] columns, string[] names)
    {
        _columns = columns;
        Names = names;
        // The registry makes every definition, so that the count is final.
        _ = FieldRegistry.Protocols.Count;
        Wanted = new bool[FieldDefinition.Count];
        foreach (var column in columns)
        {
            foreach (var field in column)
            {
                Wanted[field.Index] = true;
                NeedsHistory |= field.NeedsHistory;
                NeedsAnalysis |= field.NeedsAnalysis;
            }

            Scope = Widen(Scope, FieldRegistry.ScopeFor(column));
        }
    }

    /// <summary>The columns' names, in the order asked for.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How far up a packet must be dissected.</summary>
    public DissectionScope Scope { get; }

    /// <summary>Whether a frame must bring its <see cref="Frame.Context"/>.</summary>
    public bool NeedsHistory { get; }

    /// <summary>Whether that context must have an analysis of the TCP streams.</summary>
    public bool NeedsAnalysis { get; }

    internal bool[] Wanted { get; }

    /// <summary>Reads names separated by commas, as <c>--fields</c> has them.</summary>
    /// <returns>False with the name that is none, and where it begins, from 1.</returns>
    public static bool TryParse(string names, out FieldSelection? selection, out DisplayFilterError error)
    {
        ArgumentNullException.ThrowIfNull(names);
        selection = null;
        error = default;
        string[] parts = names.Split(',');
        var columns = new FieldDefinition[parts.Length][];
        for (int index = 0, column = 1; index < parts.Length; column += parts[index].Length + 1, index++)
        {
            if (!FieldRegistry.TryFind(parts[index].AsSpan().Trim(), out var found))
            {
                error = new DisplayFilterError(column, $"'{parts[index]}' is no field that NetLab knows");
                return false;
            }

            columns[index] = found.ToArray();
            parts[index] = parts[index].Trim();
        }

        selection = new FieldSelection(columns, parts);
        return true;
    }

    /// <summary>
    /// Writes one packet's columns, separated by tabs; a field that is there several times has its values joined with commas, as
    /// tshark's <c>-T fields</c> writes them.
    /// </summary>
    public void WriteColumns(ref Utf8Line line, Dissection dissection, ReadOnlySpan<byte> frame)
    {
        ArgumentNullException.ThrowIfNull(dissection);
        for (int column = 0; column < _columns.Length; column++)
        {
            if (column > 0)
                line.Character((byte)'\t');
            if (_columns[column][0].IsPresence)
            {
                WritePresence(ref line, dissection, _columns[column][0].Protocol);
                continue;
            }

            bool first = true;
            var wanted = _columns[column];
            foreach (ref readonly var field in dissection.Fields)
            {
                if (field.Definition != wanted[0] && (wanted.Length == 1 || Array.IndexOf(wanted, field.Definition) < 0))
                    continue;
                if (!first)
                    line.Character((byte)',');
                FieldText.WriteValue(ref line, field, frame);
                first = false;
            }
        }
    }

    private static void WritePresence(ref Utf8Line line, Dissection dissection, ProtocolDefinition protocol)
    {
        foreach (ref readonly var layer in dissection.Layers)
        {
            if (layer.Protocol != protocol)
                continue;
            line.Text(protocol.Label);
            return;
        }
    }

    private static DissectionScope Widen(DissectionScope left, DissectionScope right) =>
        (DissectionScope)Math.Max((int)(left & DissectionScope.Application), (int)(right & DissectionScope.Application))
        | ((left | right) & DissectionScope.Checksums);
}
