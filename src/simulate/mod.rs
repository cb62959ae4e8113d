//! A small dishonest Gemini on loopback. Imports nothing of the client side.
