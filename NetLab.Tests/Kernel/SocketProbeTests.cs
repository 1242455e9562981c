using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Tests.Support;

namespace NetLab.Tests.Kernel;

public class SocketProbeTests
{
    [Fact]
    public void A_connection_is_told_with_its_figures_and_a_socket_that_is_gone_is_not()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using var server = listener.AcceptSocket();
        client.GetStream().Write(new byte[1000]);
        byte[] buffer = new byte[1000];
        int received = 0;
        while (received < 1000)
            received += server.Receive(buffer);
        var local = (IPEndPoint)client.Client.LocalEndPoint!;
        var tuple = new FourTuple(
            new Endpoint(IpAddress.From(local.Address), (ushort)local.Port),
            new Endpoint(IpAddress.Loopback, (ushort)((IPEndPoint)listener.LocalEndpoint).Port));
        Assert.SkipUnless(SocketProbe.TryLook(6, tuple, out var figures), "sock_diag does not answer here.");
        Assert.Equal(1, figures.HasTcp);
        Assert.InRange(figures.CongestionWindow, 1u, 1_000_000u);
        Assert.InRange(figures.RoundTrip, 1u, 60_000_000u);
        Assert.NotEqual("", figures.Algorithm);
        Assert.True(figures.ReceiveBuffer > 0 && figures.SendBuffer > 0);
        Assert.True(SocketProbe.TryLook(6, tuple.Reversed, out var other));
        Assert.Equal(1000u, other.BytesReceived);
        Assert.True(SocketProbe.TryLook(6, new FourTuple(tuple.Remote, default), out var listens));
        Assert.Equal(0, listens.HasTcp);
        Assert.False(SocketProbe.TryLook(6, new FourTuple(tuple.Local, new Endpoint(IpAddress.Loopback, 1)), out _));
    }

    [Fact]
    public void What_the_probe_writes_is_what_the_view_tells()
    {
        using var scene = new Scene();
        var figures = new SocketFigures { RoundTrip = 45, CongestionWindow = 10, HasTcp = 1 };
        scene.Figures(Scene.Client(), figures, 1);
        figures.RoundTrip = 60;
        scene.Figures(Scene.Client(), figures, 2);
        scene.Fold();
        Assert.Equal(60u, scene.Lab.View.Figures.Latest!.Value.RoundTrip);
        Assert.Equal([45, 60], scene.Lab.View.Figures.RoundTrips);
        scene.Figures(Scene.Client(1), figures, 3);
        scene.Fold();
        Assert.Equal([60], scene.Lab.View.Figures.RoundTrips);
    }

    [Fact]
    public void Attributes_of_a_hostile_length_are_passed_over()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            byte[] message = new byte[72 + random.Next(0, 300)];
            random.NextBytes(message);
            if (random.Next(2) == 0 && message.Length > 76)
                (message[72], message[73], message[74], message[75]) = ((byte)random.Next(0, 255), 0, (byte)random.Next(1, 8), 0);
            var figures = default(SocketFigures);
            SocketProbe.Read(message, ref figures);
            Assert.InRange(figures.Algorithm.Length, 0, 15);
        }
    }
}
