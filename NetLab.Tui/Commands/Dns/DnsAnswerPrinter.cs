using System.Globalization;
using System.Text.Json;
using NetLab.Core.Dns;
using NetLab.Core.Resolver;

namespace NetLab.Tui.Commands;

/// <summary>How <c>netlab dns</c> prints an answer.</summary>
internal enum DnsForm
{
    Dig,
    Short,
    Anatomy,
    Json,
}

/// <summary>Prints what a server answered, then who it was, in how long, how large.</summary>
internal static class DnsAnswerPrinter
{
    private const int OctetsALine = 8;

    public static void Print(DnsExchange exchange, DnsForm form, TextWriter output)
    {
        switch (form)
        {
            case DnsForm.Json:
                output.WriteLine(Json(exchange));
                return;
            case DnsForm.Short:
                foreach (var record in exchange.Message.Answers)
                    output.WriteLine(record.Data.ToString());
                return;
            case DnsForm.Anatomy:
                Anatomy(exchange.Query.Span, exchange.Answer.Span, output);
                break;
            default:
                output.Write(DnsDigText.Write(exchange.Message));
                break;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $";; Query time: {exchange.Duration.TotalMilliseconds:0.###} msec"));
        output.WriteLine($";; SERVER: {exchange.Server.Address}#{exchange.Server.Port} ({exchange.Transport.ToString().ToUpperInvariant()})");
        output.WriteLine($";; MSG SIZE  rcvd: {exchange.Answer.Length}");
        output.WriteLine();
    }

    /// <summary>What a file of this machine says.</summary>
    public static void Print(IReadOnlyList<DnsRecord> records, string file, DnsForm form, TextWriter output)
    {
        if (form == DnsForm.Json)
        {
            output.WriteLine(JsonLine.Write(writer =>
            {
                writer.WriteString("kind", "dns");
                writer.WriteString("server", file);
                Records(writer, "answer", records);
            }));
            return;
        }

        foreach (var record in records)
            output.WriteLine(form == DnsForm.Short ? record.Data.ToString() : DnsDigText.Write(record));
        if (form == DnsForm.Short)
            return;
        output.WriteLine($";; SERVER: {file}");
        output.WriteLine();
    }

    /// <summary>The octets of query and answer beside their meaning.</summary>
    public static void Anatomy(ReadOnlySpan<byte> query, ReadOnlySpan<byte> answer, TextWriter output)
    {
        output.WriteLine($";; Query, {query.Length} octets");
        Anatomy(query, output);
        if (answer.IsEmpty)
            return;
        output.WriteLine($";; Answer, {answer.Length} octets");
        Anatomy(answer, output);
    }

    private static void Anatomy(ReadOnlySpan<byte> octets, TextWriter output)
    {
        foreach (var line in DnsAnatomy.Of(octets))
        {
            string meaning = new string(' ', 2 * line.Depth) + line.Meaning;
            int at = 0;
            do
            {
                int length = Math.Min(OctetsALine, line.Length - at);
                string hex = string.Join(' ', octets.Slice(line.Offset + at, length).ToArray().Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));
                output.WriteLine($"{line.Offset + at:x4}  {hex.PadRight(3 * OctetsALine)} {(at == 0 ? meaning : "")}".TrimEnd());
                at += OctetsALine;
            }
            while (at < line.Length);
        }

        output.WriteLine();
    }

    private static string Json(DnsExchange exchange) => JsonLine.Write(writer =>
    {
        var message = exchange.Message;
        writer.WriteString("kind", "dns");
        writer.WriteString("server", exchange.Server.ToString());
        writer.WriteString("transport", exchange.Transport.ToString().ToLowerInvariant());
        writer.WriteNumber("duration", exchange.Duration.TotalSeconds);
        writer.WriteNumber("size", exchange.Answer.Length);
        writer.WriteNumber("id", message.Id);
        writer.WriteString("status", DnsDigText.CodeText(message.ResponseCode));
        writer.WriteBoolean("authoritative", (message.Flags & DnsFlags.Authoritative) != 0);
        writer.WriteBoolean("recursionAvailable", (message.Flags & DnsFlags.RecursionAvailable) != 0);
        foreach (var question in message.Questions.Take(1))
        {
            writer.WriteString("name", question.Name.ToString());
            writer.WriteString("type", DnsType.ToText(question.Type));
        }

        Records(writer, "answer", message.Answers);
        Records(writer, "authority", message.Authorities);
        Records(writer, "additional", message.Additionals);
        writer.WriteStartArray("edns");
        foreach (var option in message.Edns?.Options ?? [])
            writer.WriteStringValue(option.ToString());
        writer.WriteEndArray();
    });

    /// <summary>Records as an array of objects.</summary>
    public static void Records(Utf8JsonWriter writer, string name, IReadOnlyList<DnsRecord> records)
    {
        writer.WriteStartArray(name);
        foreach (var record in records)
        {
            writer.WriteStartObject();
            writer.WriteString("name", record.Name.ToString());
            writer.WriteNumber("ttl", record.TimeToLive);
            writer.WriteString("class", DnsType.ClassText(record.Class));
            writer.WriteString("type", DnsType.ToText(record.Type));
            writer.WriteString("data", record.Data.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
