using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Tests.Support;

namespace NetLab.Tests.Capture;

public class PacketSourceTests
{
    [Fact]
    public void Loopback_shows_every_packet_once_and_a_flush_brings_all_of_them()
    {
        var journal = new Journal();
        using var receiver = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        receiver.Client.ReceiveTimeout = (int)PseudoTerminal.Patience.TotalMilliseconds;
        int port = ((IPEndPoint)receiver.Client.LocalEndPoint!).Port;
        using var source = Start(journal, new PacketRequest("lo", $"udp dst port {port}"));
        using var sender = new UdpClient();
        for (int round = 1; round <= 20; round++)
        {
            for (int index = 0; index < 50; index++)
                sender.Send([(byte)round, (byte)index], new IPEndPoint(IPAddress.Loopback, port));
            // What was received the capture has seen: on a busy machine the kernel may deliver after send has returned.
            var from = new IPEndPoint(IPAddress.Any, 0);
            for (int index = 0; index < 50; index++)
                Assert.Equal([(byte)round, (byte)index], receiver.Receive(ref from));
            source.Flush();
            Assert.Equal(round * 50, source.Captured);
        }

        var reader = journal.OpenReader();
        byte[] buffer = [];
        int count = 0;
        while (reader.TryRead(Timestamp.MaxValue, out _, out var reference))
        {
            Assert.True(journal.TryGet(reference, ref buffer, out var entry, out var data));
            Assert.Equal(EventKind.Packet, entry.Kind);
            Assert.Equal((count + 1, 44, 1), (entry.Detail.Packet.Number, entry.Detail.Packet.OriginalLength, (int)entry.Detail.Packet.LinkType));
            Assert.Equal([(byte)(count / 50 + 1), (byte)(count % 50)], data[^2..].ToArray());
            count++;
        }

        Assert.Equal(1_000, count);
        Assert.Equal(0, source.DroppedByKernel);
    }

    [Fact]
    public void A_wrong_filter_and_a_missing_interface_are_told_in_a_sentence()
    {
        RequireCapture();
        Assert.Null(PacketSource.Start(new Journal(), new PacketRequest("nosuch0"), out var obstacle));
        Assert.Equal("There is no interface 'nosuch0' on this machine.", obstacle?.Sentence);
        Assert.Null(PacketSource.Start(new Journal(), new PacketRequest("lo", "prot 80"), out obstacle));
        Assert.StartsWith("The capture filter 'prot 80' is wrong: ", obstacle?.Sentence, StringComparison.Ordinal);
        Assert.NotNull(PacketSource.FilterMistake("tcp port"));
        Assert.Null(PacketSource.FilterMistake("tcp port 80"));
    }

    private static PacketSource Start(Journal journal, PacketRequest request)
    {
        RequireCapture();
        var source = PacketSource.Start(journal, request, out var obstacle);
        Assert.True(source is not null, obstacle?.ToString());
        return source;
    }

    private static void RequireCapture()
    {
        var facts = SystemProbe.Gather();
        bool can = facts.HasLibpcap && facts.Effective.HasFlag(Capabilities.NetRaw);
        Assert.SkipUnless(can || Environment.GetEnvironmentVariable("CI") == "true", "capturing needs libpcap and CAP_NET_RAW");
    }
}
