using System.Globalization;

namespace NetLab.Core.Dns;

/// <summary>One stretch of a message and what it means.</summary>
/// <param name="Offset">Where it begins, from the message's first octet.</param>
/// <param name="Length">How many octets it has.</param>
/// <param name="Depth">How deep it lies: 0 a section, 1 a field, 2 a part of one.</param>
/// <param name="Meaning">What it means; never a control character.</param>
public readonly record struct DnsAnatomyLine(int Offset, int Length, int Depth, string Meaning);

/// <summary>Takes a message apart, octet by octet, up to the first thing that can't be read, which is the last line.</summary>
public static class DnsAnatomy
{
    /// <summary>The lines from the first octet to the last.</summary>
    public static IReadOnlyList<DnsAnatomyLine> Of(ReadOnlySpan<byte> octets)
    {
        var lines = new List<DnsAnatomyLine>();
        var reader = new DnsMessageReader(octets);
        if (reader.Error.IsError)
        {
            lines.Add(new(0, octets.Length, 0, reader.Error.ToString()));
            return lines;
        }

        Header(lines, reader.Header);
        while (reader.TryReadQuestion(out var question))
        {
            lines.Add(new(question.Name.Offset, 0, 0, "question"));
            Name(lines, question.Name, "name");
            lines.Add(new(question.End - 4, 2, 1, $"type {DnsType.ToText(question.Type)}"));
            lines.Add(new(question.End - 2, 2, 1, $"class {DnsType.ClassText(question.Class)}"));
        }

        while (reader.TryReadRecord(out var record))
            Record(lines, reader, record);
        if (reader.Error.IsError)
            lines.Add(new(reader.Offset, octets.Length - reader.Offset, 0, reader.Error.ToString()));
        else if (reader.Offset < octets.Length)
            lines.Add(new(reader.Offset, octets.Length - reader.Offset, 0, "octets after the last record"));
        return lines;
    }

    private static void Header(List<DnsAnatomyLine> lines, DnsHeader header)
    {
        lines.Add(new(0, 0, 0, "header"));
        lines.Add(new(0, 2, 1, $"id {header.Id}"));
        string[] names = ["aa", "tc", "rd", "ra", "ad", "cd"];
        int[] bits = [0x0400, 0x0200, 0x0100, 0x0080, 0x0020, 0x0010];
        int flags = header.Flags;
        string set = string.Concat(names.Where((_, index) => (flags & bits[index]) != 0).Select(name => " " + name));
        lines.Add(new(2, 2, 1, $"{(header.IsResponse ? "response" : "query")}, opcode {header.Opcode}, {DnsDigText.CodeText(header.ResponseCode)}, flags{(set.Length == 0 ? " none" : set)}"));
        lines.Add(new(4, 2, 1, $"{header.QuestionCount} in question"));
        lines.Add(new(6, 2, 1, $"{header.AnswerCount} in answer"));
        lines.Add(new(8, 2, 1, $"{header.AuthorityCount} in authority"));
        lines.Add(new(10, 2, 1, $"{header.AdditionalCount} in additional"));
    }

    private static void Name(List<DnsAnatomyLine> lines, DnsNameView name, string what)
    {
        bool isPointer = name.EncodedLength < name.Length;
        lines.Add(new(name.Offset, name.EncodedLength, 1, $"{what} {DnsName.From(name)}{(isPointer ? " (compressed)" : "")}"));
    }

    private static void Record(List<DnsAnatomyLine> lines, DnsMessageReader reader, DnsRecordView record)
    {
        int at = record.TypeOffset;
        lines.Add(new(record.Name.Offset, 0, 0, string.Create(CultureInfo.InvariantCulture, $"{record.Section} record").ToLowerInvariant()));
        Name(lines, record.Name, "owner");
        lines.Add(new(at, 2, 1, $"type {DnsType.ToText(record.Type)}"));
        bool isOpt = record.Type == DnsType.Opt;
        lines.Add(new(at + 2, 2, 1, isOpt ? $"UDP buffer {record.Class} octets" : $"class {DnsType.ClassText(record.Class)}"));
        lines.Add(new(at + 4, 4, 1, isOpt
            ? $"extended code {record.TimeToLive >> 24}, version {record.TimeToLive >> 16 & 0xFF}, flags 0x{record.TimeToLive & 0xFFFF:x4}"
            : $"time to live {record.TimeToLive} s"));
        lines.Add(new(at + 8, 2, 1, $"length {record.Data.Length}"));
        DnsError error;
        if (isOpt && DnsEdns.TryRead(record, out var edns, out error))
        {
            int option = record.DataOffset;
            foreach (var one in edns!.Options)
            {
                lines.Add(new(option, 4 + one.Octets.Length, 2, one.ToString()));
                option += 4 + one.Octets.Length;
            }
        }
        else if (DnsData.TryRead(reader, record, out var data, out error))
        {
            lines.Add(new(record.DataOffset, record.Data.Length, 1, data.ToString()));
        }
        else
        {
            lines.Add(new(record.DataOffset, record.Data.Length, 1, error.ToString()));
        }
    }
}
