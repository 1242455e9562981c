using System.Net;
using System.Net.Sockets;

namespace NetLab.Tests.Interop;

/// <summary>Two ends of one TCP connection on the loopback interface, both blocking.</summary>
internal sealed class ConnectedSockets : IDisposable
{
    public ConnectedSockets()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Near.Connect(listener.LocalEndPoint!);
        Far = listener.Accept();
    }

    /// <summary>The end that a test reads from.</summary>
    public Socket Near { get; }

    /// <summary>The end that a test sends from.</summary>
    public Socket Far { get; }

    public int Descriptor => (int)Near.Handle;

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }
}
