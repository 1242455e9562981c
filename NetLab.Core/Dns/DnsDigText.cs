using System.Collections.Immutable;
using System.Text;

namespace NetLab.Core.Dns;

/// <summary>Writes a message as dig prints it: header, EDNS, the sections. Nothing in it can move a terminal's cursor.</summary>
public static class DnsDigText
{
    /// <summary>The response code of a server that can't answer (SERVFAIL).</summary>
    internal const int Failure = 2;

    /// <summary>The response code of a message that can't be read (FORMERR).</summary>
    internal const int Malformed = 1;

    /// <summary>The response code of an operation that is not known (NOTIMP).</summary>
    internal const int NotImplemented = 4;

    /// <summary>The response code of what is not answered here (REFUSED).</summary>
    internal const int Refused = 5;

    /// <summary>The response code of an unknown version of EDNS (BADVERS).</summary>
    internal const int BadVersion = 16;

    /// <summary>The response code of a name that does not exist (NXDOMAIN).</summary>
    internal const int NoSuchName = 3;

    /// <summary>The response code of a name that DNAME makes too long (YXDOMAIN, RFC 6672 section 2.2).</summary>
    internal const int TooLongName = 6;

    private static readonly string[] s_opcodes = ["QUERY", "IQUERY", "STATUS", "OPCODE3", "NOTIFY", "UPDATE"];

    private static readonly string[] s_codes =
    [
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE",
        "RESERVED11", "RESERVED12", "RESERVED13", "RESERVED14", "RESERVED15", "BADVERS",
    ];

    private static readonly (DnsFlags Flag, string Name)[] s_flags =
    [
        (DnsFlags.Response, "qr"), (DnsFlags.Authoritative, "aa"), (DnsFlags.Truncated, "tc"), (DnsFlags.RecursionDesired, "rd"),
        (DnsFlags.RecursionAvailable, "ra"), (DnsFlags.Authenticated, "ad"), (DnsFlags.CheckingDisabled, "cd"),
    ];

    /// <summary>The mnemonic of a response code.</summary>
    public static string CodeText(int code) => code < s_codes.Length ? s_codes[code] : code == 23 ? "BADCOOKIE" : $"RESERVED{code}";

    /// <summary>The whole message, its lines ended by line feeds, an empty line after each section.</summary>
    public static string Write(DnsMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var text = new StringBuilder();
        string opcode = message.Opcode < s_opcodes.Length ? s_opcodes[message.Opcode] : $"OPCODE{message.Opcode}";
        text.Append($";; ->>HEADER<<- opcode: {opcode}, status: {CodeText(message.ResponseCode)}, id: {message.Id}\n");
        text.Append(";; flags:");
        foreach (var (flag, name) in s_flags)
            text.Append((message.Flags & flag) != 0 ? " " + name : "");
        text.Append($"; QUERY: {message.Questions.Length}, ANSWER: {message.Answers.Length}, AUTHORITY: {message.Authorities.Length}, ");
        text.Append($"ADDITIONAL: {message.Additionals.Length + (message.Edns is null ? 0 : 1)}\n\n");
        if (message.Edns is { } edns)
        {
            text.Append(";; OPT PSEUDOSECTION:\n");
            text.Append($"; EDNS: version: {edns.Version}, flags:{(edns.WantsDnssec ? " do" : "")}; udp: {edns.BufferSize}\n");
            foreach (var option in edns.Options)
                text.Append("; ").Append(option).Append('\n');
        }

        if (message.Questions.Length > 0)
        {
            text.Append(";; QUESTION SECTION:\n");
            foreach (var question in message.Questions)
                text.Append(';').Append(Columns(question.Name.ToString(), null, DnsType.ClassText(question.Class), DnsType.ToText(question.Type), "")).Append('\n');
            text.Append('\n');
        }

        Section(text, "ANSWER", message.Answers);
        Section(text, "AUTHORITY", message.Authorities);
        Section(text, "ADDITIONAL", message.Additionals);
        return text.ToString();
    }

    /// <summary>A record in dig's columns.</summary>
    public static string Write(DnsRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Columns(record.Name.ToString(), record.TimeToLive, DnsType.ClassText(record.Class), DnsType.ToText(record.Type), record.Data.ToString());
    }

    private static void Section(StringBuilder text, string name, ImmutableArray<DnsRecord> records)
    {
        if (records.Length == 0)
            return;
        text.Append(";; ").Append(name).Append(" SECTION:\n");
        foreach (var record in records)
            text.Append(Write(record)).Append('\n');
        text.Append('\n');
    }

    // dig's stops: name 24, time to live 8, class 8, type 8; what is longer takes one more tab.
    private static string Columns(string name, uint? timeToLive, string @class, string type, string data)
    {
        var line = new StringBuilder(name);
        // A question's semicolon takes a column of its own.
        int column = name.Length + (timeToLive is null ? 1 : 0);
        column = Stop(line, column, 24);
        if (timeToLive is { } seconds)
        {
            line.Append(seconds);
            column += seconds.ToString().Length;
        }

        column = Stop(line, column, 32);
        line.Append(@class);
        column = Stop(line, column + @class.Length, 40);
        line.Append(type);
        if (data.Length == 0)
            return line.ToString();
        Stop(line, column + type.Length, 48);
        return line.Append(data).ToString();
    }

    private static int Stop(StringBuilder line, int column, int stop)
    {
        do
        {
            line.Append('\t');
            column = (column / 8 + 1) * 8;
        }
        while (column < stop);
        return column;
    }
}
