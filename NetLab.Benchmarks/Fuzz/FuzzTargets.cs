using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Core.Dns;
using NetLab.Core.Packets;
using NetLab.Core.Peers;
using NetLab.Core.Tcp;
using NetLab.Tui.Commands;

namespace NetLab.Benchmarks.Fuzz;

/// <summary>What is wrong although nothing was thrown.</summary>
internal sealed class FuzzException(string message) : Exception(message);

/// <summary>Everything of NetLab that reads what the network or a file says. What it writes must stay inside its bounds and be harmless.</summary>
internal sealed class FuzzTargets
{
    private static readonly string[] s_filters =
    [
        "tcp.port == 80 && ip.src == 127.0.0.0/8", "frame.len > 100 || dns.qry.name contains \"a\"", "tcp.flags in {0x02, 0x12..0x18}",
        "http.request.method && !tls", "ipv6.addr == ::1/64 or eth.addr == 00:11:22:33:44:55", "ip.checksum.status == 0 || tcp.options",
    ];

    private readonly Dissection _dissection = new();
    private readonly byte[] _text = new byte[8 << 10];
    private readonly TcpdumpLine _line = new(LineTime.DateAndTime);
    private readonly ColumnLine _columns = new();
    private readonly DisplayFilter[] _filters = [.. s_filters.Select(Compile)];
    private readonly FieldSelection _fields = Fields();
    private readonly ByteOutput _output = new(System.IO.Stream.Null);
    private readonly PacketPrinter[] _printers;
    private readonly StreamAnalysis _analysis = new();
    private readonly ConnectionInference _inference = new();
    private readonly StreamReassembly _streams;
    private readonly ZoneResponder _responder = new(new ZoneSet([MakeZone(DnsLab.ZoneText("garden"))]));
    private readonly byte[] _answer = new byte[ushort.MaxValue];
    private long _number;

    public FuzzTargets()
    {
        _printers = [new PacketJson(), new TreePrinter(new LinePrinter(LineTime.None)), new HexPrinter(new ColumnPrinter()), new FieldsPrinter(_fields)];
        _streams = new StreamReassembly(Check, bound: 64 << 10);
    }

    /// <summary>One packet through lines, columns, tree, every filter, fields, JSON, DNS, marks, states and reassembly.</summary>
    public void Packet(LinkType link, byte[] bytes, int wireLength)
    {
        var frame = new Frame(link, bytes, wireLength) { Number = ++_number, Time = new Timestamp(_number * 1_000) };
        bool hasPorts = PacketHeaders.Parse(link, bytes, out var headers);
        if (headers.CapturedPayloadLength < 0 || headers.PayloadOffset + headers.CapturedPayloadLength > Math.Max(bytes.Length, headers.PayloadOffset))
            throw new FuzzException("the payload does not lie in the packet");
        Harmless(_text.AsSpan(0, _line.Write(frame, _text.AsSpan())), "line");
        Harmless(_text.AsSpan(0, _columns.Write(frame, _text.AsSpan())), "columns");
        Dissector.Dissect(frame, _dissection);
        Tree(bytes);
        foreach (var filter in _filters)
            filter.Matches(frame, _dissection);
        foreach (var printer in _printers)
            printer.Print(frame, _output);
        Dns(bytes);
        if (hasPorts && headers.IsTcp)
            Follow(bytes, headers);
    }

    /// <summary>One capture file to its end.</summary>
    public void File(byte[] bytes)
    {
        using var reader = CaptureFileReader.Open(new MemoryStream(bytes), "fuzz", out var obstacle);
        if (reader is null)
        {
            if (obstacle is null)
                throw new FuzzException("a file was refused without a reason");
            return;
        }

        while (reader.TryRead(out var packet))
        {
            for (int comment = 0; packet.TryGetComment(comment, out _); comment++)
            {
            }

            _line.Write(new Frame((LinkType)packet.LinkType, packet.Bytes, packet.OriginalLength) { Time = packet.Time }, _text.AsSpan());
        }

        if (reader.End == CaptureEnd.NotYet || reader.End != CaptureEnd.Whole && reader.Trouble is null)
            throw new FuzzException("the file's end was not told");
    }

    /// <summary>One text as a display filter and as a list of fields.</summary>
    public void Text(string text)
    {
        if (!DisplayFilter.TryCompile(text, out var filter, out var error) && (error.Column < 1 || error.Column > text.Length + 1))
            throw new FuzzException($"the mistake is said to stand in column {error.Column} of {text.Length}");
        filter?.Matches(new Frame(LinkType.Ethernet, _text.AsSpan(0, 200), 200), _dissection);
        if (!FieldSelection.TryParse(text, out _, out error) && error.Column < 1)
            throw new FuzzException($"the mistake is said to stand in column {error.Column}");
    }

    /// <summary>One text as a zone file, and then a query for its zone.</summary>
    public void ZoneFile(string text)
    {
        Zone zone;
        try
        {
            zone = MakeZone(text);
        }
        catch (ZoneException refused) when (refused.Message.StartsWith("fuzz:", StringComparison.Ordinal) && !refused.Message.Any(char.IsControl))
        {
            return;
        }

        var responder = new ZoneResponder(new ZoneSet([zone]));
        foreach (string name in new[] { "www", "a.b.paths", "winter", "x.winter" })
        {
            byte[] query = DnsMessage.Query(1, DnsName.Parse(name, DnsName.Parse("garden.test.")), DnsType.Any, new DnsEdns()).Encode();
            Answered(_answer.AsSpan(0, responder.Answer(query, _answer, DnsCarrier.Stream)));
        }
    }

    private static Zone MakeZone(string text)
    {
        var reader = new Core.Dns.ZoneFile(_ => "h A 192.0.2.1\n");
        return new Zone(reader.Read(text, DnsName.Root, "fuzz"), "fuzz", reader.Places);
    }

    private static void Answered(ReadOnlySpan<byte> answer)
    {
        if (answer.Length > 0 && !DnsMessage.TryDecode(answer, out _, out var error))
            throw new FuzzException($"an answer can't be read: {error}");
    }

    private void Tree(byte[] bytes)
    {
        foreach (ref readonly var layer in _dissection.Layers)
        {
            var text = new Utf8Line(_text);
            FieldText.WriteLayer(ref text, layer);
            Harmless(text.Written, layer.Protocol.Name);
        }

        foreach (ref readonly var field in _dissection.Fields)
        {
            if (field.Offset < 0 || field.Length < 0 || field.Offset + field.Length > bytes.Length)
                throw new FuzzException($"{field.Definition.Name} does not lie in the packet");
            var text = new Utf8Line(_text);
            FieldText.WriteLine(ref text, field, bytes);
            Harmless(text.Written, field.Definition.Name);
        }

        for (int at = 0; at < bytes.Length; at += 7)
            _dissection.FieldAt(at);
    }

    private void Dns(byte[] bytes)
    {
        Answered(_answer.AsSpan(0, _responder.Answer(bytes, _answer, DnsCarrier.Datagram)));
        var reader = new DnsMessageReader(bytes);
        while (reader.TryReadQuestion(out var question))
        {
            if (question.End > bytes.Length)
                throw new FuzzException("a DNS question ends outside the message");
        }

        while (reader.TryReadRecord(out var record))
        {
            if (record.End > bytes.Length)
                throw new FuzzException("a DNS record ends outside the message");
        }

        if (DnsMessage.TryDecode(bytes, out var message, out _) && !DnsMessage.TryDecode(message.Encode(), out _, out var error) && !error.IsError)
            throw new FuzzException("a DNS message is refused without a reason");
        if (DnsDigText.Write(message).AsSpan().ContainsAny('\e', '\r', '\0'))
            throw new FuzzException("a control character is in the text of a DNS message");
        foreach (var line in DnsAnatomy.Of(bytes))
        {
            if (line.Offset + line.Length > bytes.Length)
                throw new FuzzException("the anatomy of a DNS message lies outside it");
        }
    }

    // All packets as if of one connection: that is as wild as a stream can be.
    private void Follow(byte[] bytes, in PacketHeaders headers)
    {
        var segment = new TcpSegment(headers.FourTuple, headers.TcpFlags, headers.SequenceNumber, headers.AcknowledgmentNumber, headers.Window, headers.PayloadLength);
        int sender = headers.SourcePort <= headers.DestinationPort ? 0 : 1;
        var time = new Timestamp(_number * 1_000);
        _analysis.Take(segment, sender, time, _number % 5 == 0 ? [3, 3, (byte)_number] : default);
        _inference.Take(segment, sender, time);
        var payload = bytes.AsSpan(Math.Min(headers.PayloadOffset, bytes.Length));
        _streams.Take(segment, sender, payload[..Math.Min(payload.Length, headers.CapturedPayloadLength)], _number, time);
        // Near numbers meet more often than real ones do.
        _streams.Take(segment with { Sequence = segment.Sequence & 0x3FFF, Acknowledgment = segment.Acknowledgment & 0x3FFF }, sender, payload, _number, time);
        if (_streams.Waiting > 2 * (64 << 10))
            throw new FuzzException($"{_streams.Waiting} octets wait, above the bound");
    }

    private static void Check(in StreamChunk chunk, ReadOnlySpan<byte> data)
    {
        if (chunk.Length < 0 || chunk.Kind == StreamChunkKind.Data && chunk.Length != data.Length)
            throw new FuzzException($"a piece of a stream has {chunk.Length} octets");
    }

    private static void Harmless(ReadOnlySpan<byte> text, string what)
    {
        // A tunnelled frame's line follows its tunnel's: the line end is NetLab's own.
        foreach (byte value in text)
        {
            if (value < 0x20 && value != '\n' || value == 0x7F)
                throw new FuzzException($"{what} holds the control byte 0x{value:x2}");
        }
    }

    private static DisplayFilter Compile(string text) =>
        DisplayFilter.TryCompile(text, out var filter, out var error) ? filter! : throw new InvalidOperationException($"{text}: {error}");

    private static FieldSelection Fields() =>
        FieldSelection.TryParse(string.Join(',', FieldRegistry.AllNames), out var fields, out var error) ? fields! : throw new InvalidOperationException($"{error}");
}
