using System.Buffers;
using System.Globalization;
using System.Text;
using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Tui.Commands;

/// <summary>How the octets of a stream are written.</summary>
internal enum FollowForm
{
    /// <summary>As text: each line behind the sign of its sender; what does not print is escaped.</summary>
    Text,

    /// <summary>In hexadecimal with their place in the stream.</summary>
    Hex,

    /// <summary>One JSON object a piece.</summary>
    Json,
}

/// <summary>What both ends of one TCP or UDP conversation sent, in order, once: <c>--follow tcp:N</c>.</summary>
internal sealed class FollowPrinter : PacketPrinter
{
    private const int BytesALine = 16;
    private readonly IpProtocol _protocol;
    private readonly int _stream;
    private readonly FollowForm _form;
    private readonly StreamReassembly _octets;
    private readonly long[] _sent = [0, 0];
    private ByteOutput? _output;
    private FourTuple? _tuple;
    private (long Number, Timestamp Time) _last;
    // Whose line is begun and not ended; -1 for nobody's.
    private int _open = -1;

    private FollowPrinter(IpProtocol protocol, int stream, FollowForm form)
    {
        (_protocol, _stream, _form) = (protocol, stream, form);
        _octets = new StreamReassembly(Write);
    }

    /// <summary>How many conversations of the protocol there were.</summary>
    public int Seen { get; private set; }

    /// <summary>Whether the conversation was there.</summary>
    public bool IsFound => _tuple is not null;

    /// <summary>"tcp:0".</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{(_protocol == IpProtocol.Tcp ? "tcp" : "udp")}:{_stream}");

    public override bool NeedsHistory => true;

    /// <summary>Reads "tcp:0", "udp:3" or "0".</summary>
    /// <returns>Null for what is none of these.</returns>
    public static FollowPrinter? TryParse(string text, FollowForm form)
    {
        int colon = text.IndexOf(':');
        IpProtocol? protocol = colon < 0 ? IpProtocol.Tcp : text[..colon] switch { "tcp" => IpProtocol.Tcp, "udp" => IpProtocol.Udp, _ => null };
        return protocol is { } known && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int stream)
            ? new FollowPrinter(known, stream, form) : null;
    }

    public override void Print(in Frame frame, ByteOutput output)
    {
        if (frame.Context is not { Stream: >= 0 } context || !PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers) || headers.Transport != _protocol)
            return;
        Seen = Math.Max(Seen, context.Stream + 1);
        if (context.Stream != _stream)
            return;
        _output = output;
        if (_tuple is null)
        {
            _tuple = headers.FourTuple;
            if (_form != FollowForm.Json)
                Line($"{Name}  > {headers.SourceEndpoint}  < {headers.DestinationEndpoint}");
        }

        int sender = headers.FourTuple == _tuple ? 0 : 1;
        var payload = frame.Bytes.Slice(Math.Min(headers.PayloadOffset, frame.Bytes.Length), headers.CapturedPayloadLength);
        _last = (frame.Number, frame.Time);
        if (_protocol == IpProtocol.Udp)
        {
            Write(new StreamChunk(StreamChunkKind.Data, sender, _sent[sender], payload.Length, frame.Number, frame.Time), payload);
            _sent[sender] += payload.Length;
            // Every datagram is a piece of its own.
            EndLine();
            return;
        }

        var segment = new TcpSegment(headers.FourTuple, headers.TcpFlags, headers.SequenceNumber, headers.AcknowledgmentNumber, headers.Window, headers.PayloadLength);
        _octets.Take(segment, sender, payload, frame.Number, frame.Time);
    }

    public override void End(ByteOutput output)
    {
        if (!IsFound)
            return;
        _octets.Finish(_last.Number, _last.Time);
        EndLine();
        if (_form == FollowForm.Json || _protocol == IpProtocol.Udp)
            return;
        for (int end = 0; end < 2; end++)
        {
            var figures = _octets.Figures(end);
            string text = $"{"><"[end]} {figures.Delivered} bytes";
            text += figures.Missing > 0 ? $", {figures.Missing} not captured" : "";
            text += figures.Repeated > 0 ? $", {figures.Repeated} sent again" : "";
            text += figures.Conflicting > 0 ? $" ({figures.Conflicting} of them with other content)" : "";
            text += figures.Reordered > 0 ? $", {figures.Reordered} out of order" : "";
            Line($"[{text}]");
        }
    }

    private void Write(in StreamChunk chunk, ReadOnlySpan<byte> data)
    {
        if (_form == FollowForm.Json)
        {
            Json(chunk, data);
            return;
        }

        string? said = chunk.Kind switch
        {
            StreamChunkKind.Missing => $"{chunk.Length} bytes were not captured",
            StreamChunkKind.End => "FIN",
            StreamChunkKind.Reset => "RST",
            StreamChunkKind.Restart => "a new connection of the same ports",
            _ => null,
        };
        if (said is not null)
        {
            EndLine();
            Line($"{"><"[chunk.Sender]} [{said}]");
        }
        else if (_form == FollowForm.Hex)
        {
            Hex(chunk, data);
        }
        else
        {
            Text(chunk.Sender, data);
        }
    }

    private void Text(int sender, ReadOnlySpan<byte> data)
    {
        if (_open != sender)
            EndLine();
        while (!data.IsEmpty)
        {
            if (_open < 0)
                _output!.Write(sender == 0 ? "> "u8 : "< "u8);
            _open = sender;
            int end = data.IndexOf((byte)'\n');
            Visible(end < 0 ? data : data[..end]);
            if (end < 0)
                return;
            EndLine();
            data = data[(end + 1)..];
        }
    }

    // Text of all languages stays; what could move a cursor, or hide what stands there, is escaped. The \r before a line's end is its end's.
    private void Visible(ReadOnlySpan<byte> data)
    {
        if (data is [.., (byte)'\r'])
            data = data[..^1];
        Span<byte> escaped = stackalloc byte[8];
        while (!data.IsEmpty)
        {
            bool isText = Rune.DecodeFromUtf8(data, out var rune, out int length) == OperationStatus.Done
                && (rune.Value == '\t' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse));
            if (isText)
            {
                _output!.Write(data[..length]);
                data = data[length..];
                continue;
            }

            for (int index = 0; index < Math.Max(1, length); index++)
            {
                var line = new Utf8Line(escaped);
                line.Escaped(data.Slice(index, 1));
                _output!.Write(line.Written);
            }

            data = data[Math.Max(1, length)..];
        }
    }

    private void Hex(in StreamChunk chunk, ReadOnlySpan<byte> data)
    {
        Span<byte> buffer = stackalloc byte[128];
        for (int at = 0; at < data.Length; at += BytesALine)
        {
            var row = data.Slice(at, Math.Min(BytesALine, data.Length - at));
            var line = new Utf8Line(buffer);
            line.Text(chunk.Sender == 0 ? "> "u8 : "< "u8);
            line.Hex((ulong)(chunk.Offset + at), 8);
            for (int index = 0; index < BytesALine; index++)
            {
                line.Text(index % 8 == 0 ? "  "u8 : " "u8);
                if (index < row.Length)
                    line.Hex(row[index], 2);
                else
                    line.Text("  "u8);
            }

            line.Text("  "u8);
            foreach (byte value in row)
                line.Character(value is >= 0x20 and < 0x7F ? value : (byte)'.');
            line.Character((byte)'\n');
            _output!.Write(line.Written);
        }
    }

    private void Json(in StreamChunk chunk, ReadOnlySpan<byte> data)
    {
        byte[] bytes = data.ToArray();
        var piece = chunk;
        Line(JsonLine.Write(json =>
        {
            json.WriteString("time", piece.Time.ToString());
            json.WriteString("kind", piece.Kind switch
            {
                StreamChunkKind.Data => "bytes",
                StreamChunkKind.Missing => "missing",
                StreamChunkKind.End => "end",
                StreamChunkKind.Reset => "reset",
                _ => "restart",
            });
            json.WriteString("provenance", "observed");
            json.WriteString("stream", Name);
            json.WriteNumber("number", piece.Packet);
            var tuple = piece.Sender == 0 ? _tuple!.Value : _tuple!.Value.Reversed;
            json.WriteString("source", tuple.Local.ToString());
            json.WriteString("destination", tuple.Remote.ToString());
            json.WriteNumber("offset", piece.Offset);
            json.WriteNumber("length", piece.Length);
            if (piece.Kind != StreamChunkKind.Data)
                return;
            json.WriteString("text", App.EventText.Printable(Encoding.UTF8.GetString(bytes)));
            json.WriteBase64String("base64", bytes);
        }));
    }

    private void EndLine()
    {
        if (_open >= 0)
            _output!.Write("\n"u8);
        _open = -1;
    }

    private void Line(string text) => _output!.Write(Encoding.UTF8.GetBytes(text + "\n"));
}
