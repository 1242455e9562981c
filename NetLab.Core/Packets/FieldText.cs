using System.Buffers.Binary;
using NetLab.Core.Dns;

namespace NetLab.Core.Packets;

/// <summary>Writes values of fields: as tshark's <c>-T fields</c> does, and as a line of the tree.</summary>
public static class FieldText
{
    /// <summary>Writes the value alone, as tshark does; control bytes are escaped.</summary>
    public static void WriteValue(ref Utf8Line line, Field field, ReadOnlySpan<byte> frame)
    {
        var bytes = frame.Slice(field.Offset, field.Length);
        switch (field.Definition.Kind)
        {
            case FieldKind.None:
                // What is only there or not has no value: tshark writes 1.
                line.Character((byte)'1');
                break;
            case FieldKind.Unsigned or FieldKind.Boolean:
                line.Number(field.Number);
                break;
            case FieldKind.Hex:
                line.Text("0x"u8);
                line.Hex(field.Number, field.Definition.Digits);
                break;
            case FieldKind.Ipv4:
                line.Ipv4((uint)field.Number);
                break;
            case FieldKind.Ipv6 when bytes.Length >= 16:
                line.Ipv6(bytes);
                break;
            case FieldKind.Mac:
                line.Mac(bytes);
                break;
            case FieldKind.Text:
                line.Escaped(bytes);
                break;
            case FieldKind.Bytes or FieldKind.Ipv6:
                line.HexBytes(bytes);
                break;
            case FieldKind.DnsName:
                WriteName(ref line, field, frame);
                break;
            case FieldKind.Time:
                WriteTime(ref line, (long)field.Number);
                break;
        }
    }

    /// <summary>Writes the line of the tree: the label, the value, and what it means in words where that is known.</summary>
    public static void WriteLine(ref Utf8Line line, Field field, ReadOnlySpan<byte> frame)
    {
        line.Text(field.Definition.Label);
        if (field.Definition.Kind == FieldKind.None)
            return;
        line.Text(": "u8);
        if (field.Definition.Words is { } words)
        {
            words(ref line, frame.Slice(field.Offset, field.Length));
            return;
        }

        string? meaning = field.Definition.Meaning?.Invoke(field.Number);
        if (meaning is not null)
        {
            line.Text(meaning);
            line.Text(" ("u8);
        }

        WriteValue(ref line, field, frame);
        if (meaning is not null)
            line.Character((byte)')');
    }

    /// <summary>Writes the line of the tree of one of a packet's fields, with what those beside it say of it.</summary>
    public static void WriteLine(ref Utf8Line line, Dissection dissection, int index, ReadOnlySpan<byte> frame)
    {
        ArgumentNullException.ThrowIfNull(dissection);
        if (!dissection.IsLeftToCard(index))
        {
            WriteLine(ref line, dissection.Fields[index], frame);
            return;
        }

        line.Text(dissection.Fields[index].Definition.Label);
        line.Text(": Not yet computed when it was captured ("u8);
        WriteValue(ref line, dissection.Fields[index], frame);
        line.Character((byte)')');
    }

    /// <summary>Writes a layer's heading in the tree: its protocol, and what is wrong as [truncated] or [malformed: …].</summary>
    public static void WriteLayer(ref Utf8Line line, Layer layer)
    {
        line.Text(layer.Protocol.Label);
        switch (layer.Mark)
        {
            case LayerMark.Truncated:
                line.Text(" [truncated]"u8);
                break;
            case LayerMark.Malformed:
                line.Text(" [malformed: "u8);
                line.Text(layer.Reason);
                line.Character((byte)']');
                break;
        }
    }

    // tshark writes names without the root's dot, and the root itself as <Root>.
    private static void WriteName(ref Utf8Line line, Field field, ReadOnlySpan<byte> frame)
    {
        // The number holds where the message begins in the frame, and where it ends.
        int start = (int)(field.Number >> 32), end = (int)(uint)field.Number;
        if (!DnsNameView.TryRead(frame[start..end], field.Offset - start, out var name, out _))
            return;
        if (name.IsRoot)
            line.Text("<Root>"u8);
        bool first = true;
        foreach (var label in name)
        {
            if (!first)
                line.Character((byte)'.');
            line.Escaped(label);
            first = false;
        }
    }

    private static void WriteTime(ref Utf8Line line, long nanoseconds)
    {
        long seconds = Math.DivRem(nanoseconds, 1_000_000_000, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += 1_000_000_000;
        }

        if (seconds < 0)
            line.Character((byte)'-');
        line.Number((ulong)Math.Abs(seconds));
        line.Character((byte)'.');
        line.Padded((uint)rest, 9);
    }

    internal static uint Ipv4(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
