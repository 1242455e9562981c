using System.Text;
using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Tui.Commands;

/// <summary>
/// The sockets as a table, much as ss prints them, its columns as wide as what stands in them. The column of the timers is there when one runs.
/// </summary>
internal sealed class SocketTablePrinter
{
    private const int StateWidth = 11;
    private readonly byte[][] _states;
    private readonly byte[] _faint, _plain;
    private int _receiveWidth, _sendWidth, _localWidth, _remoteWidth, _timerWidth;

    /// <summary>A printer that colours the states.</summary>
    public SocketTablePrinter(Paint paint)
    {
        _states = [.. Enumerable.Range(0, (int)TcpState.TimeWait + 1).Select(state => Encoding.UTF8.GetBytes(Painted(paint, (TcpState)state)))];
        string[] around = paint.Faint("|").Split('|');
        (_faint, _plain) = (Encoding.UTF8.GetBytes(around[0]), Encoding.UTF8.GetBytes(around[1]));
    }

    /// <summary>Prints the heading and the rows.</summary>
    public void Print(LineOutput output, SocketListing listing)
    {
        Measure(listing);
        WriteHeading(output);
        for (int index = 0; index < listing.Count; index++)
        {
            Utf8Line line;
            do
            {
                line = new Utf8Line(output.Begin());
                WriteRow(ref line, listing[index], listing.Holders);
            }
            while (!output.End(line));
        }
    }

    private void Measure(SocketListing listing)
    {
        (_receiveWidth, _sendWidth, _localWidth, _remoteWidth, _timerWidth) = (6, 6, 5, 6, 0);
        Span<byte> scratch = stackalloc byte[64];
        for (int index = 0; index < listing.Count; index++)
        {
            ref readonly var row = ref listing[index];
            var line = new Utf8Line(scratch);
            SocketText.Number(ref line, row.Detail.ReceiveQueue, 0);
            _receiveWidth = Math.Max(_receiveWidth, line.Length);
            line = new Utf8Line(scratch);
            SocketText.Number(ref line, row.Detail.SendQueue, 0);
            _sendWidth = Math.Max(_sendWidth, line.Length);
            line = new Utf8Line(scratch);
            SocketText.Endpoint(ref line, row.Tuple.Local);
            _localWidth = Math.Max(_localWidth, line.Length);
            line = new Utf8Line(scratch);
            SocketText.Endpoint(ref line, row.Tuple.Remote);
            _remoteWidth = Math.Max(_remoteWidth, line.Length);
            if (row.Detail.Timer == SocketTimer.Off)
                continue;
            line = new Utf8Line(scratch);
            WriteTimer(ref line, row.Detail);
            _timerWidth = Math.Max(_timerWidth, line.Length);
        }
    }

    private void WriteHeading(LineOutput output)
    {
        var line = new Utf8Line(output.Begin());
        line.Text(_faint);
        line.Text("Proto State       "u8);
        SocketText.PadTo(ref line, line.Length + _receiveWidth - 6);
        line.Text("Recv-Q "u8);
        SocketText.PadTo(ref line, line.Length + _sendWidth - 6);
        line.Text("Send-Q "u8);
        int place = line.Length;
        line.Text("Local"u8);
        SocketText.PadTo(ref line, place += _localWidth + 1);
        line.Text("Remote"u8);
        SocketText.PadTo(ref line, place += _remoteWidth + 1);
        if (_timerWidth > 0)
        {
            line.Text("Timer"u8);
            SocketText.PadTo(ref line, place + _timerWidth + 1);
        }

        line.Text("Process"u8);
        line.Text(_plain);
        output.End(line);
    }

    private void WriteRow(ref Utf8Line line, in SocketRow row, SocketHolders holders)
    {
        ref readonly var detail = ref row.Detail;
        bool isTcp = detail.Protocol == 6;
        line.Text(isTcp ? "tcp   "u8 : "udp   "u8);
        line.Text(isTcp ? _states[(int)detail.State] : detail.State == TcpState.Established ? "CONNECTED   "u8 : "UNCONNECTED "u8);
        SocketText.Number(ref line, detail.ReceiveQueue, _receiveWidth);
        line.Character((byte)' ');
        SocketText.Number(ref line, detail.SendQueue, _sendWidth);
        line.Character((byte)' ');
        int place = line.Length;
        SocketText.Endpoint(ref line, row.Tuple.Local);
        SocketText.PadTo(ref line, place += _localWidth + 1);
        SocketText.Endpoint(ref line, row.Tuple.Remote);
        int holder = holders.First(detail.Inode);
        if (holder < 0 && detail.Timer == SocketTimer.Off)
            return;
        SocketText.PadTo(ref line, place += _remoteWidth + 1);
        if (_timerWidth > 0)
        {
            if (detail.Timer != SocketTimer.Off)
                WriteTimer(ref line, detail);
            if (holder < 0)
                return;
            SocketText.PadTo(ref line, place + _timerWidth + 1);
        }

        for (bool isFirst = true; holder >= 0; holder = holders.Next(holder), isFirst = false)
            WriteHolder(ref line, holders, holder, isFirst ? default : ", "u8);
    }

    // "python3 4711 fd 3"
    private static void WriteHolder(ref Utf8Line line, SocketHolders holders, int place, ReadOnlySpan<byte> before)
    {
        line.Text(before);
        SocketText.Name(ref line, holders.Name(place));
        line.Character((byte)' ');
        line.Number(holders.ProcessId(place));
        line.Text(" fd "u8);
        line.Number(holders.Descriptor(place));
    }

    // "timewait 59.8 s"
    private static void WriteTimer(ref Utf8Line line, in SocketDetail detail)
    {
        Span<char> left = stackalloc char[16];
        line.Text(SocketText.Timer(detail.Timer));
        line.Character((byte)' ');
        if (detail.TimerRemaining <= Duration.Zero)
            line.Text("due"u8);
        else
            line.Text(left[..detail.TimerRemaining.Format(left)]);
    }

    private static string Painted(Paint paint, TcpState state)
    {
        string name = state.Name().PadRight(StateWidth);
        return (state switch
        {
            TcpState.Listen => paint.Now(name),
            TcpState.Established => paint.Done(name),
            TcpState.Closed or TcpState.Unknown => paint.Faint(name),
            _ => paint.Waiting(name),
        }) + " ";
    }
}
