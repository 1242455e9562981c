using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Kernel;

namespace NetLab.Tests.Kernel;

/// <summary>Addresses by inode, of sockets of this very process.</summary>
public sealed class SocketAddressesTests : IDisposable
{
    private readonly SocketAddresses _addresses = new();

    public SocketAddressesTests() => Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 8), "Needs Linux 6.8.");

    public void Dispose() => _addresses.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_socket_that_is_only_bound_is_found_and_one_without_a_port_is_not(string address)
    {
        var local = new IPEndPoint(IPAddress.Parse(address), 0);
        using var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Assert.Equal(TableAnswer.Absent, Find(socket, out _));
        socket.Bind(local);
        Assert.Equal(TableAnswer.Found, Find(socket, out var tuple));
        Assert.Equal(socket.LocalEndPoint!.ToString(), tuple.Local.ToString());
        Assert.Equal(0, tuple.Remote.Port);
    }

    [Fact]
    public void Both_ends_of_a_connection_are_found_and_a_datagram_socket()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        datagrams.Connect(listener.LocalEndPoint!);
        Assert.Equal(TableAnswer.Found, Find(client, out var tuple));
        Assert.Equal(client.LocalEndPoint!.ToString(), tuple.Local.ToString());
        Assert.Equal(client.RemoteEndPoint!.ToString(), tuple.Remote.ToString());
        Assert.Equal(TableAnswer.Found, Find(server, out var accepted));
        Assert.Equal(tuple.Reversed, accepted);
        Assert.Equal(TableAnswer.Found, Find(datagrams, out tuple));
        Assert.Equal(datagrams.LocalEndPoint!.ToString(), tuple.Local.ToString());
    }

    [Fact]
    public void Who_was_asked_about_is_not_held_open()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Find(probe, out _);
        var address = probe.LocalEndPoint!;
        probe.Dispose();
        using var again = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        again.Bind(address);
    }

    [Fact]
    public void What_is_in_no_table_is_unknown()
    {
        using var raw = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.Equal(TableAnswer.Unknown, _addresses.Find(Inode(raw), SocketKinds.None, SocketFamilies.IPv4, KernelClock.Now, out _));
    }

    // A table that is read again at once may be refused for a moment.
    private TableAnswer Find(Socket socket, out FourTuple tuple)
    {
        ulong inode = Inode(socket);
        TableAnswer answer;
        do
        {
            answer = _addresses.Find(inode, SocketKinds.All, SocketFamilies.All, KernelClock.Now, out tuple);
        }
        while (answer == TableAnswer.Later);
        return answer;
    }

    private static ulong Inode(Socket socket) => ProcessDirectory.ReadSocketLink(Environment.ProcessId, (int)socket.Handle);
}
