using System.Globalization;

namespace NetLab.Core.Kernel;

/// <summary>Where the fields of a trace event lie, as its <c>format</c> file says; also reads <c>events/header_page</c>.</summary>
internal sealed class EventFormat
{
    private readonly Dictionary<string, EventField> _fields = [];

    /// <summary>The event's number in the records (0 in a page's header).</summary>
    internal ushort Id { get; private set; }

    /// <summary>The event's name.</summary>
    internal string Name { get; private set; } = "";

    /// <summary>The fields by name.</summary>
    internal IReadOnlyDictionary<string, EventField> Fields => _fields;

    /// <summary>How long a record must be to hold every field.</summary>
    internal int Length => _fields.Values.Select(part => part.Offset + part.Size).DefaultIfEmpty(0).Max();

    /// <summary>The field of that name; null when this kernel's event has none.</summary>
    internal EventField? this[string name] => _fields.TryGetValue(name, out var field) ? field : null;

    /// <summary>Reads a format file.</summary>
    /// <returns>Null when it holds no field.</returns>
    internal static EventFormat? Parse(string text)
    {
        var format = new EventFormat();
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            if (line.StartsWith("name:"))
                format.Name = line[5..].Trim().ToString();
            else if (line.StartsWith("ID:") && ushort.TryParse(line[3..].Trim(), NumberStyles.None, null, out ushort id))
                format.Id = id;
            else if (line.StartsWith("field:"))
                format.AddField(line[6..]);
            else if (line.StartsWith("print fmt"))
                break;
        }

        return format._fields.Count == 0 ? null : format;
    }

    // "unsigned char common_flags;	offset:2;	size:1;	signed:0;", "__u8 saddr[4];	offset:32; …"
    private void AddField(ReadOnlySpan<char> line)
    {
        int end = line.IndexOf(';');
        if (end < 0)
            return;
        var declaration = line[..end].TrimEnd();
        int bracket = declaration.LastIndexOf('[');
        if (bracket > 0 && !declaration[bracket..].Contains(' '))
            declaration = declaration[..bracket];
        string name = declaration[(declaration.LastIndexOfAny(' ', '*') + 1)..].ToString();
        if (Number(line, "offset:") is >= 0 and < 65_536 and var offset && Number(line, "size:") is >= 0 and < 65_536 and var size)
            _fields.TryAdd(name, new EventField(offset, size));
    }

    private static int Number(ReadOnlySpan<char> line, string key)
    {
        int start = line.IndexOf(key);
        if (start < 0)
            return -1;
        var text = line[(start + key.Length)..];
        int end = text.IndexOf(';');
        return int.TryParse(end < 0 ? text : text[..end], NumberStyles.None, null, out int number) ? number : -1;
    }
}

/// <summary>Where a field lies in a record.</summary>
/// <param name="Offset">Bytes from the record's start.</param>
/// <param name="Size">Its length in bytes.</param>
internal readonly record struct EventField(int Offset, int Size)
{
    /// <summary>The field as a number in the machine's order, zero-extended; 0 where the record is too short.</summary>
    internal ulong Read(ReadOnlySpan<byte> record)
    {
        if (Offset + Size > record.Length)
            return 0;
        var bytes = record.Slice(Offset, Size);
        return Size switch
        {
            8 => BitConverter.ToUInt64(bytes),
            4 => BitConverter.ToUInt32(bytes),
            2 => BitConverter.ToUInt16(bytes),
            1 => bytes[0],
            _ => 0,
        };
    }

    /// <summary>The field's bytes; empty where the record is too short.</summary>
    internal ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> record) => Offset + Size > record.Length ? default : record.Slice(Offset, Size);
}
