using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Tui.Commands;

/// <summary>Writes packet after packet in one form.</summary>
internal abstract class PacketPrinter
{
    /// <summary>What stands before the first packet.</summary>
    public virtual void Begin(ByteOutput output)
    {
    }

    /// <summary>Writes one packet, with its line ends.</summary>
    public abstract void Print(in Frame frame, ByteOutput output);

    /// <summary>Takes a packet into account that no filter chose.</summary>
    public virtual void PassOver(in Frame frame)
    {
    }

    /// <summary>What stands after the last packet.</summary>
    public virtual void End(ByteOutput output)
    {
    }

    /// <summary>Whether a frame must bring its <see cref="Frame.Context"/>.</summary>
    public virtual bool NeedsHistory => false;

    /// <summary>Whether that context must have an analysis of the TCP streams.</summary>
    public virtual bool NeedsAnalysis => false;

    /// <summary>
    /// A printer of the same form for another thread; null where what is written depends on what was written before, so that only one may write.
    /// </summary>
    public virtual PacketPrinter? Fork() => null;

    /// <summary>Finds in the order of the packets what <see cref="Print"/> of a forked printer needs.</summary>
    /// <returns>False for a packet that this printer itself must write, now.</returns>
    public virtual bool TryPrepare(in Frame frame, out SequenceOrigin? origin)
    {
        origin = null;
        return true;
    }
}

/// <summary>What a printer and a filter need of the packets before.</summary>
internal static class PrinterHistory
{
    /// <summary>Keeps what they need; null where they need nothing.</summary>
    /// <param name="printer">Prints the packets; null where none is printed.</param>
    /// <param name="filter">Chooses them; null for all.</param>
    public static FrameHistory? HistoryFor(this PacketPrinter? printer, DisplayFilter? filter)
    {
        bool isNeeded = printer?.NeedsHistory == true || filter?.NeedsHistory == true;
        bool isAnalysed = printer?.NeedsAnalysis == true || filter?.NeedsAnalysis == true;
        return isNeeded ? new FrameHistory(isAnalysed ? new CaptureAnalysis() : null) : null;
    }
}

/// <summary>One line a packet, as tcpdump prints it.</summary>
internal sealed class LinePrinter(LineTime time) : PacketPrinter
{
    // Hundreds of DNS answers fit: no line of a packet that a network carries is cut off.
    private const int LongestLine = 64 << 10;
    private readonly TcpdumpLine _line = new(time);

    public override void Print(in Frame frame, ByteOutput output)
    {
        var room = output.Room(LongestLine + 1);
        int length = _line.Write(frame, room[..LongestLine]);
        room[length] = (byte)'\n';
        output.Advance(length + 1);
    }

    public override void PassOver(in Frame frame) => _line.PassOver(frame);

    public override PacketPrinter? Fork() => time is LineTime.SincePrevious or LineTime.SinceFirst ? null : new LinePrinter(time);

    public override bool TryPrepare(in Frame frame, out SequenceOrigin? origin)
    {
        bool found = _line.TryPrepare(frame, out var numbers);
        origin = numbers;
        return found;
    }
}

/// <summary>One line a packet in Wireshark's columns.</summary>
internal sealed class ColumnPrinter : PacketPrinter
{
    private const int LongestLine = 8 << 10;
    private readonly ColumnLine _line = new();

    public override bool NeedsHistory => true;

    public override bool NeedsAnalysis => true;

    public override void Print(in Frame frame, ByteOutput output)
    {
        var room = output.Room(LongestLine + 1);
        int length = _line.Write(frame, room[..LongestLine]);
        room[length] = (byte)'\n';
        output.Advance(length + 1);
    }
}

/// <summary>Fields separated by tabs, with a header row.</summary>
internal sealed class FieldsPrinter(FieldSelection selection) : PacketPrinter
{
    private readonly Dissection _dissection = new();
    private int _room = 8 << 10;

    public override bool NeedsHistory => selection.NeedsHistory;

    public override bool NeedsAnalysis => selection.NeedsAnalysis;

    public override PacketPrinter? Fork() => new FieldsPrinter(selection);

    public override void Begin(ByteOutput output) => output.Write(System.Text.Encoding.UTF8.GetBytes(string.Join('\t', selection.Names) + "\n"));

    public override void Print(in Frame frame, ByteOutput output)
    {
        Dissector.Dissect(frame, _dissection, selection);
        while (true)
        {
            var line = new Utf8Line(output.Room(_room));
            selection.WriteColumns(ref line, _dissection, frame.Bytes);
            line.Character((byte)'\n');
            if (!line.IsFull)
            {
                output.Advance(line.Length);
                return;
            }

            // Only a value as long as a packet needs more, and a packet has a bound.
            _room *= 2;
        }
    }
}

/// <summary>Adds something below what another form prints of a packet.</summary>
/// <param name="before">The other form.</param>
internal abstract class PrinterAfter(PacketPrinter before) : PacketPrinter
{
    protected PacketPrinter Before => before;

    public override bool TryPrepare(in Frame frame, out SequenceOrigin? origin) => before.TryPrepare(frame, out origin);

    public override void Begin(ByteOutput output) => before.Begin(output);

    public override void PassOver(in Frame frame) => before.PassOver(frame);

    public override void End(ByteOutput output) => before.End(output);
}

/// <summary>After another form's line: the tree of layers and fields.</summary>
internal sealed class TreePrinter(PacketPrinter before) : PrinterAfter(before)
{
    private readonly Dissection _dissection = new();
    private int _room = 64 << 10;

    public override bool NeedsHistory => true;

    public override bool NeedsAnalysis => true;

    public override PacketPrinter? Fork() => Before.Fork() is { } other ? new TreePrinter(other) : null;

    public override void Print(in Frame frame, ByteOutput output)
    {
        Before.Print(frame, output);
        Dissector.Dissect(frame, _dissection);
        while (true)
        {
            var line = new Utf8Line(output.Room(_room));
            Write(ref line, frame.Bytes);
            if (!line.IsFull)
            {
                output.Advance(line.Length);
                return;
            }

            _room *= 2;
        }
    }

    private void Write(ref Utf8Line line, ReadOnlySpan<byte> bytes)
    {
        foreach (ref readonly var layer in _dissection.Layers)
        {
            line.Text("  "u8);
            FieldText.WriteLayer(ref line, layer);
            line.Character((byte)'\n');
            for (int index = layer.FirstField; index < layer.FirstField + layer.FieldCount; index++)
            {
                for (int depth = -2; depth < _dissection.Fields[index].Depth; depth++)
                    line.Text("  "u8);
                FieldText.WriteLine(ref line, _dissection, index, bytes);
                line.Character((byte)'\n');
            }
        }
    }
}

/// <summary>After another form's line: the packet's bytes behind its link-layer header, as tcpdump's -x prints them.</summary>
internal sealed class HexPrinter(PacketPrinter before) : PrinterAfter(before)
{
    private const int BytesALine = 16, LongestLine = 64;

    public override bool NeedsHistory => Before.NeedsHistory;

    public override PacketPrinter? Fork() => Before.Fork() is { } other ? new HexPrinter(other) : null;

    public override void Print(in Frame frame, ByteOutput output)
    {
        Before.Print(frame, output);
        PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers);
        var bytes = frame.Bytes[Math.Min(headers.NetworkOffset, frame.Bytes.Length)..];
        for (int at = 0; at < bytes.Length; at += BytesALine)
        {
            var line = new Utf8Line(output.Room(LongestLine));
            line.Text("\t0x"u8);
            line.Hex((uint)at, 4);
            line.Text(": "u8);
            var row = bytes.Slice(at, Math.Min(BytesALine, bytes.Length - at));
            for (int index = 0; index < row.Length; index++)
            {
                if (index % 2 == 0)
                    line.Character((byte)' ');
                line.Hex(row[index], 2);
            }

            line.Character((byte)'\n');
            output.Advance(line.Length);
        }
    }
}
