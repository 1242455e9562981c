using System.Text;
using System.Text.Json;
using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;

namespace NetLab.Tui.Commands;

/// <summary>The sockets as JSON objects, one a line, under the names that README lists.</summary>
/// <param name="names">Finds the users' names.</param>
internal sealed class SocketJsonPrinter(INameLookup names)
{
    /// <summary>Prints the rows.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="listing">The rows.</param>
    /// <param name="time">When they were read.</param>
    /// <param name="facts">Whether TCP_INFO was asked for and answered.</param>
    public void Print(Stream output, SocketListing listing, Timestamp time, SocketFacts facts)
    {
        using var buffer = new JsonLineBuffer(output);
        string moment = time.ToString();
        for (int index = 0; index < listing.Count; index++)
        {
            var json = buffer.Begin();
            Write(json, listing[index], listing.Holders, moment, facts);
            buffer.End();
        }
    }

    private void Write(Utf8JsonWriter json, in SocketRow row, SocketHolders holders, string moment, SocketFacts facts)
    {
        ref readonly var detail = ref row.Detail;
        json.WriteString("time"u8, moment);
        json.WriteString("kind"u8, "socket"u8);
        json.WriteString("provenance"u8, "sampled"u8);
        json.WriteString("protocol"u8, detail.Protocol == 6 ? "tcp"u8 : "udp"u8);
        json.WriteString("local"u8, row.Tuple.Local.ToString());
        if (!row.Tuple.Remote.IsUnknown)
            json.WriteString("remote"u8, row.Tuple.Remote.ToString());
        json.WriteString("state"u8, SocketText.State(detail));
        json.WriteNumber("recvQueue"u8, detail.ReceiveQueue);
        json.WriteNumber("sendQueue"u8, detail.SendQueue);
        int holder = holders.First(detail.Inode);
        if (holder >= 0)
            WriteHolder(json, holders, holder);
        json.WriteString("user"u8, names.User(detail.UserId));
        json.WriteNumber("inode"u8, detail.Inode);
        if (detail.Timer != SocketTimer.Off)
        {
            json.WriteString("timer"u8, SocketText.Timer(detail.Timer));
            json.WriteNumber("timerSeconds"u8, detail.TimerRemaining.Seconds);
        }

        if (facts == SocketFacts.Figures && detail is { Protocol: 6, State: not (TcpState.Listen or TcpState.TimeWait or TcpState.Closed) })
        {
            json.WriteNumber("rtt"u8, detail.RoundTripMicroseconds / 1e6);
            json.WriteNumber("congestionWindow"u8, detail.CongestionWindow);
            json.WriteNumber("retransmits"u8, detail.Retransmits);
            json.WriteNumber("bytesSent"u8, detail.BytesSent);
            json.WriteNumber("bytesReceived"u8, detail.BytesReceived);
        }

        // Several processes may hold one socket, as after fork(2): then all of them follow.
        if (holder < 0 || holders.Next(holder) < 0)
            return;
        json.WriteStartArray("holders"u8);
        for (; holder >= 0; holder = holders.Next(holder))
        {
            json.WriteStartObject();
            WriteHolder(json, holders, holder);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHolder(Utf8JsonWriter json, SocketHolders holders, int place)
    {
        json.WriteNumber("pid"u8, holders.ProcessId(place));
        var name = holders.Name(place);
        if (SocketText.IsPlain(name))
            json.WriteString("process"u8, name);
        else
            json.WriteString("process"u8, App.EventText.Printable(Encoding.UTF8.GetString(name)));
        json.WriteNumber("fd"u8, holders.Descriptor(place));
    }
}
