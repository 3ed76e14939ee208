// Made from docs/generated/openapi.json by `make generate`. Do not edit.

export interface paths {
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Returns an access token for `Authorization: Bearer …` and a refresh token.
         *
         *     With an authenticator app enrolled, the answer is `mfa_required` until `code` (its, or a recovery code) is
         *     sent, too. The form of OAuth2 is understood. Unknown user and wrong password look and take the same.
         */
        post: operations["post_auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I
         * @description The signed-in user and their clients.
         */
        get: operations["get_auth_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew a session
         * @description Takes a refresh token and returns a new pair; each refresh token is good once.
         *
         *     One that comes twice was copied: the whole session ends, and administrators are told.
         */
        post: operations["post_auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of the access token, or of the refresh token in the body: both are good for nothing at
         *     once. Twice is the same as once.
         */
        post: operations["post_auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where you are signed in
         * @description Your sessions, the last used first; `current` is the one that asks.
         */
        get: operations["get_auth_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of your sessions
         * @description Whoever holds its tokens is out at once.
         */
        delete: operations["delete_auth_sessions_session_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change your password
         * @description Your other sessions end; the one that asks goes on.
         */
        put: operations["put_auth_change_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset-password/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a user another password
         * @description Their sessions end. No administrator's can be reset: they change it themselves, as they know it.
         */
        post: operations["post_auth_reset_password_user_id"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/mfa/enroll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin with an authenticator app
         * @description Put the secret (or a QR code of `otpauth_uri`) into the app, then send a code to `/auth/mfa/verify`.
         *
         *     Until then nothing changes. The secret is shown this once.
         */
        post: operations["post_auth_mfa_enroll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/mfa/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove that the app has it
         * @description From now on each login needs a code. Recovery codes are shown this once; each replaces a code once.
         */
        post: operations["post_auth_mfa_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/mfa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Do without the app again
         * @description Needs both factors; a recovery code will do. Somebody who has neither asks an administrator.
         */
        delete: operations["delete_auth_mfa"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your API keys
         * @description The newest first; the keys themselves are never shown again. `last_used_at` is exact to a minute.
         */
        get: operations["get_auth_api_keys"];
        put?: never;
        /**
         * Add an API key
         * @description `key` is shown this once: send it as `Authorization: Bearer tmk_…`. It sees what you see: with `read`
         *     it may use every GET, with `upload` it may send uploads, and nothing else.
         */
        post: operations["post_auth_api_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/api-keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an API key
         * @description It is good for nothing at once.
         */
        delete: operations["delete_auth_api_keys_key_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a user
         * @description They can sign in at once. A client user sees nothing until a client is theirs (its `user_id`).
         */
        post: operations["post_auth_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All users
         * @description `email` is contained in the address. `last_seen_at`: when they signed in or renewed a session last.
         */
        get: operations["get_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user
         * @description With the clients that are theirs.
         */
        get: operations["get_users_user_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a user's role, or disable one
         * @description Takes effect on their next request. Whoever is disabled is signed out everywhere, and API keys rest.
         *
         *     The last active administrator stays one.
         */
        patch: operations["patch_users_user_id"];
        trace?: never;
    };
    "/api/v1/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that the page draws
         * @description All sections over one state of the data: totals, the first ten rows of each list, trends, freshness.
         *
         *     `metric` chooses the figures of all sections but the weekly and monthly summaries.
         */
        get: operations["get_dashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Totals of a range (the same as /summary)
         * @description Sums, ratios computed from sums, and changes against the period of the same length before.
         */
        get: operations["get_dashboard_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Totals of a range
         * @description Sums, ratios computed from sums, and changes against the period of the same length before.
         */
        get: operations["get_dashboard_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Campaigns with figures
         * @description A page of the campaigns with rows in the range; the totals are those of all of them.
         */
        get: operations["get_dashboard_campaigns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/strategies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Strategies with figures
         * @description A page of the strategies with rows in the range; the totals are those of all of them.
         */
        get: operations["get_dashboard_strategies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/placements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Placements with figures
         * @description A page of the placements with rows in the range; the totals are those of all of them.
         */
        get: operations["get_dashboard_placements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/creatives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Creatives with figures
         * @description A page of the creatives with rows in the range; the totals are those of all of them.
         */
        get: operations["get_dashboard_creatives"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures by day, week or month
         * @description Each point is `ok`, `provisional` (its source may still restate it) or `no_data` with a reason.
         */
        get: operations["get_dashboard_trends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/source-breakdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures by source
         * @description Each source with its figures and its share.
         */
        get: operations["get_dashboard_source_breakdown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/freshness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is there, and what is missing
         * @description For each source the latest delivered day, missing days, and since when figures may still move.
         */
        get: operations["get_dashboard_freshness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All clients
         * @description With the CPMs in force today: the general one, and those of sources that have their own.
         */
        get: operations["get_clients"];
        put?: never;
        /**
         * Add a client
         * @description Nothing is pulled for it until a source is enabled, and nothing is priced until it has a CPM.
         */
        post: operations["post_clients"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your active clients
         * @description Those to choose from on the dashboard, with the CPMs in force today.
         */
        get: operations["get_clients_active"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One client
         * @description With the CPM in force today.
         */
        get: operations["get_clients_client_id"];
        /**
         * Change a client
         * @description What is left out stays. The currency stays once there are rows or CPMs in it.
         */
        put: operations["put_clients_client_id"];
        post?: never;
        /**
         * Disable a client
         * @description Its data stay; nothing is pulled for it any more, and its user does not see it.
         */
        delete: operations["delete_clients_client_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/clients/{client_id}/toggle-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Disable a client, or make it active again (the same as /clients/{client_id}/toggle)
         * @description A user whose last active client is disabled is disabled, too; nobody is made active again with it.
         */
        put: operations["put_admin_clients_client_id_toggle_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/toggle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable a client, or make it active again
         * @description A user whose last active client is disabled is disabled, too; nobody is made active again with it.
         */
        post: operations["post_clients_client_id_toggle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is agreed with a client
         * @description Every setting with the value that holds, and the CPMs in force today.
         */
        get: operations["get_clients_client_id_settings"];
        put?: never;
        /**
         * Change what is agreed with a client
         * @description Other thresholds make other underperformers, a CPM prices its days anew: both follow shortly.
         */
        post: operations["post_clients_client_id_settings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/cpm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The CPMs in force
         * @description The general one, and those of sources that have their own, as of today in the account's days.
         */
        get: operations["get_clients_client_id_cpm"];
        put?: never;
        /**
         * Set a CPM
         * @description A second one for the same day replaces the first; a past day prices its rows anew.
         */
        post: operations["post_clients_client_id_cpm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/cpm/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All CPMs, newest first
         * @description Each is in force until the next one of its kind.
         */
        get: operations["get_clients_client_id_cpm_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/cpm/{rate_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a CPM
         * @description The rows that it priced get the one before it, or none.
         */
        delete: operations["delete_clients_client_id_cpm_rate_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/sources/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a source is read
         * @description Settings that were never made are shown with their usual values. Secrets are never shown.
         */
        get: operations["get_clients_client_id_sources_source"];
        /**
         * Say how a source is read
         * @description Replaces all settings of the source. Two clients cannot read the same object or advertiser.
         */
        put: operations["put_clients_client_id_sources_source"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Campaigns
         * @description All of them, those without rows too. With a range each has its sums and ratios.
         */
        get: operations["get_campaigns"];
        put?: never;
        /**
         * Add a campaign
         * @description Under the name that the source sends, or will send. It stays while it has no rows.
         */
        post: operations["post_campaigns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{campaign_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One campaign
         * @description Its names, what it belongs to, and how much hangs below it.
         */
        get: operations["get_campaigns_campaign_id"];
        /**
         * Rename a campaign
         * @description Everything shows the new name; deliveries go on using the source's.
         */
        put: operations["put_campaigns_campaign_id"];
        post?: never;
        /**
         * Delete a campaign and all that belongs to it
         * @description Its metrics go with it, so `confirm=true` is needed where there are any; `rows` says how many.
         */
        delete: operations["delete_campaigns_campaign_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{campaign_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures of a campaign by day
         * @description Each point is `ok`, `provisional` or `no_data` with a reason; the totals are those of the range.
         */
        get: operations["get_campaigns_campaign_id_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/strategies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Strategies
         * @description All of them, those without rows too. With a range each has its sums and ratios.
         */
        get: operations["get_strategies"];
        put?: never;
        /**
         * Add a strategy
         * @description Under the name that the source sends, or will send. It stays while it has no rows.
         */
        post: operations["post_strategies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/strategies/{strategy_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One strategy
         * @description Its names, what it belongs to, and how much hangs below it.
         */
        get: operations["get_strategies_strategy_id"];
        /**
         * Rename a strategy
         * @description Everything shows the new name; deliveries go on using the source's.
         */
        put: operations["put_strategies_strategy_id"];
        post?: never;
        /**
         * Delete a strategy and all that belongs to it
         * @description Its metrics go with it, so `confirm=true` is needed where there are any; `rows` says how many.
         */
        delete: operations["delete_strategies_strategy_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/strategies/{strategy_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures of a strategy by day
         * @description Each point is `ok`, `provisional` or `no_data` with a reason; the totals are those of the range.
         */
        get: operations["get_strategies_strategy_id_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/placements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Placements
         * @description All of them, those without rows too. With a range each has its sums and ratios.
         */
        get: operations["get_placements"];
        put?: never;
        /**
         * Add a placement
         * @description Under the name that the source sends, or will send. It stays while it has no rows.
         */
        post: operations["post_placements"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/placements/{placement_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One placement
         * @description Its names, what it belongs to, and how much hangs below it.
         */
        get: operations["get_placements_placement_id"];
        /**
         * Rename a placement
         * @description Everything shows the new name; deliveries go on using the source's.
         */
        put: operations["put_placements_placement_id"];
        post?: never;
        /**
         * Delete a placement and all that belongs to it
         * @description Its metrics go with it, so `confirm=true` is needed where there are any; `rows` says how many.
         */
        delete: operations["delete_placements_placement_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/placements/{placement_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures of a placement by day
         * @description Each point is `ok`, `provisional` or `no_data` with a reason; the totals are those of the range.
         */
        get: operations["get_placements_placement_id_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creatives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Creatives
         * @description All of them, those without rows too. With a range each has its sums and ratios.
         */
        get: operations["get_creatives"];
        put?: never;
        /**
         * Add a creative
         * @description Under the name that the source sends, or will send. It stays while it has no rows.
         */
        post: operations["post_creatives"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creatives/{creative_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One creative
         * @description Its names, what it belongs to, and how much hangs below it.
         */
        get: operations["get_creatives_creative_id"];
        /**
         * Rename a creative
         * @description Everything shows the new name; deliveries go on using the source's.
         */
        put: operations["put_creatives_creative_id"];
        post?: never;
        /**
         * Delete a creative and all that belongs to it
         * @description Its metrics go with it, so `confirm=true` is needed where there are any; `rows` says how many.
         */
        delete: operations["delete_creatives_creative_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creatives/{creative_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures of a creative by day
         * @description Each point is `ok`, `provisional` or `no_data` with a reason; the totals are those of the range.
         */
        get: operations["get_creatives_creative_id_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{campaign_id}/tree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that belongs to a campaign
         * @description Strategies, placements and creatives, by name.
         */
        get: operations["get_campaigns_campaign_id_tree"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{campaign_id}/performance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures of a campaign and its strategies
         * @description Sums, ratios, changes against the range before, and the same sums split by strategy.
         */
        get: operations["get_campaigns_campaign_id_performance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/daily": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rows by day and creative
         * @description Newest day first, at most 400 days. Each is `ok` or `provisional`; the totals are those of all rows.
         */
        get: operations["get_metrics_daily"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/weekly": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Weekly summaries
         * @description ISO weeks that touch the range, newest first: sums, ratios, changes, top lists, underperformers.
         */
        get: operations["get_metrics_weekly"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/monthly": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Monthly summaries
         * @description Months that touch the range, newest first: sums, ratios, changes, top lists, underperformers.
         */
        get: operations["get_metrics_monthly"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures by day, week or month, compared
         * @description Each point is `ok`, `provisional` or `no_data` with a reason, and so is what it is compared with.
         */
        get: operations["get_metrics_trends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/top-campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The first campaigns by a metric
         * @description Those for which it was never measured are left out; the totals are those of all campaigns.
         */
        get: operations["get_metrics_top_campaigns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/top-creatives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The first creatives by a metric
         * @description Those for which it was never measured are left out; the totals are those of all creatives.
         */
        get: operations["get_metrics_top_creatives"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/underperformers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Campaigns below the client's thresholds
         * @description CTR under, spend over and conversions under them (GET /clients/{client_id}/settings); worst first.
         */
        get: operations["get_metrics_underperformers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a number came about
         * @description Formula and exact parts, the CPMs in it, the runs and files that stand behind it, what was restated.
         */
        get: operations["get_metrics_explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your saved views
         * @description By name; nobody else's.
         */
        get: operations["get_views"];
        put?: never;
        /**
         * Save a view
         * @description One of the same name is not overwritten: delete it first.
         */
        post: operations["post_views"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views/{view_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a saved view
         * @description Answers with what it was.
         */
        delete: operations["delete_views_view_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/ingestion-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs, newest first
         * @description One line for each run: what came in, and how it ended.
         */
        get: operations["get_admin_ingestion_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/ingestion-logs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One run, with rejected rows and ledger
         * @description Counts, warnings, the first of `rows_rejected` rejected rows, and for each date the totals before and
         *     after: `ledger_total` lines in pages.
         */
        get: operations["get_admin_ingestion_logs_run_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/ingestion-logs/{run_id}/rejected.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All rejected rows as CSV
         * @description Row number, reasons and raw cells. Cells that a spreadsheet would run as a formula are neutralised.
         */
        get: operations["get_admin_ingestion_logs_run_id_rejected_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/ingestion-logs/{run_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note that somebody took care of it
         * @description Marks the run as resolved and keeps the notes.
         */
        post: operations["post_admin_ingestion_logs_run_id_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/ingestion-logs/{run_id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Load a held run after all
         * @description A run is held when it would remove more than half of a day; this says that it is right.
         */
        post: operations["post_admin_ingestion_logs_run_id_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/ingestion-logs/{run_id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a run back
         * @description Puts back what the run displaced, for the dates that no later run touched.
         */
        post: operations["post_admin_ingestion_logs_run_id_undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/ingestion-logs/{run_id}/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read the raw file again
         * @description A new run from the archived bytes, with today's settings.
         */
        post: operations["post_admin_ingestion_logs_run_id_reload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/trigger-ingestion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pull a source now
         * @description Queues a pull of one client, or of all enabled ones; of one day, or of the usual window.
         */
        post: operations["post_admin_trigger_ingestion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/backfill-historical": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pull a range of days
         * @description Queues the days of one client and source; days that are loaded and unchanged stay as they are.
         *
         *     Days whose newest run failed, found no file or was undone are begun afresh.
         */
        post: operations["post_admin_backfill_historical"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/backfills/{backfill_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a backfill is
         * @description Each day with its state, and how many are done.
         */
        get: operations["get_admin_backfills_backfill_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Notifications, newest first
         * @description The same trouble is told once; `times` says how often it came.
         */
        get: operations["get_admin_notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/notifications/{notification_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take notice
         * @description Twice is the same as once.
         */
        post: operations["post_admin_notifications_notification_id_acknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schedules: last, next, result
         * @description Each schedule that the scheduler runs: its last tick, what came of it, and the next one.
         *
         *     `overdue`: its next tick is past by more than five minutes: no scheduler is at work, or no database was.
         *     An empty list: no scheduler ever started.
         */
        get: operations["get_admin_schedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Client × source × day: what is there and what is missing
         * @description States of a day: `loaded`: its delivery stands, and its figures are final; `provisional`: its delivery stands, and may still be restated; `partial`: its delivery stands, without rows that were rejected; `held`: a newer delivery waits for somebody to confirm it; `failed`: its newest run failed and nobody resolved it; an older delivery may stand; `loading`: its run is under way, or stalled; `missing`: it is due and nothing stands; `waiting`: it is not due yet; `not_expected`: before the first delivery, or nothing that comes by itself.
         */
        get: operations["get_admin_coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/restatements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Numbers that changed: which run, which file, when
         * @description Newest first. `earlier` says what the number before came from; first deliveries are not listed.
         */
        get: operations["get_admin_restatements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits in each queue, and what died
         * @description As of now, usually in the order in which data flows. `null`: the queue was not declared.
         *
         *     RabbitMQ keeps the age of dead letters; of messages that wait it tells none. `outbox`: what was
         *     announced and has not reached RabbitMQ yet.
         */
        get: operations["get_admin_queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/queues/{name}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move dead letters back into their queue
         * @description Attempts count anew. Nothing is counted twice: what was handled by another copy is a no-op.
         *
         *     Only letters that are there at the beginning are moved; `remaining` are still there. `interrupted`
         *     says why it stopped in the middle: send the request again, with another Idempotency-Key.
         */
        post: operations["post_admin_queues_name_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, newest first
         * @description Lines are never changed. `position` and `hash` are those of the chain that `tidemark audit verify`
         *     follows; `user_id` is null for the command line and for logins of nobody.
         */
        get: operations["get_admin_audit_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A level, or the daily rows, as CSV
         * @description Figures as exact digits, sums with all their decimals. Texts that look like formulas begin with `'`.
         */
        get: operations["get_exports_csv"];
        put?: never;
        /**
         * A level, or the daily rows, as CSV (asked in the body)
         * @description The same as GET.
         */
        post: operations["post_exports_csv"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A level, or the daily rows, as a workbook
         * @description Figures as numbers; a last sheet has range, filters, totals and notes. At most two million rows.
         */
        get: operations["get_exports_xlsx"];
        put?: never;
        /**
         * A level, or the daily rows, as a workbook (asked in the body)
         * @description The same as GET.
         */
        post: operations["post_exports_xlsx"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The dashboard of one client as PDF
         * @description Figures with changes, trend, sources, top ten, notes; `level`, `columns`, `name`, order say nothing.
         */
        get: operations["get_exports_pdf"];
        put?: never;
        /**
         * The dashboard of one client as PDF (asked in the body)
         * @description The same as GET.
         */
        post: operations["post_exports_pdf"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schedules of reports
         * @description By client; of one client, if it is named.
         */
        get: operations["get_reports"];
        put?: never;
        /**
         * Schedule reports
         * @description Sent when the period's data is there; a day later with a note of what is missing.
         */
        post: operations["post_reports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{report_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One schedule
         * @description How often, in which formats, to whom.
         */
        get: operations["get_reports_report_id"];
        /**
         * Change a schedule
         * @description Replaces all of it; what waits to be sent goes to the new recipients.
         */
        put: operations["put_reports_report_id"];
        post?: never;
        /**
         * End a schedule
         * @description With the list of what was sent; the audit log keeps what it was.
         */
        delete: operations["delete_reports_report_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{report_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was sent
         * @description Newest first; `waiting` says in `error` why it was not sent yet, `notes` say what was missing.
         */
        get: operations["get_reports_report_id_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facebook/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload an Ads Manager export
         * @description A daily export of campaigns, ad sets and ads, .csv or .xlsx.
         *
         *     202 means that the file is kept and will be counted, whatever happens; `GET /facebook/uploads/{id}` says
         *     how far it is. `dry_run` answers with what loading it would change, and loads nothing.
         */
        post: operations["post_facebook_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facebook/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Uploads, newest first
         * @description One line for each upload of the clients that you see.
         */
        get: operations["get_facebook_uploads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facebook/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One upload, with its warnings and rejected rows
         * @description Counts, progress, warnings, which columns were used, and the first rejected rows: those of somebody
         *     else's file only for those who may see what media cost, as a row may hold it.
         */
        get: operations["get_facebook_uploads_upload_id"];
        put?: never;
        post?: never;
        /**
         * Delete an upload's record
         * @description The record goes; with `undo` what the upload changed is put back as well (202: it happens soon).
         */
        delete: operations["delete_facebook_uploads_upload_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facebook/uploads/{upload_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Progress as server-sent events
         * @description An event `upload` now and at each change; the stream ends when the upload is completed or failed.
         */
        get: operations["get_facebook_uploads_upload_id_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Backfill
         * @description Which days to fetch, both included. Each field may also be given in the query.
         */
        Backfill: {
            /** Source */
            source?: ("surfside" | "vibe" | "facebook") | null;
            /** Client Id */
            client_id?: string | null;
            /** Start Date */
            start_date?: string | null;
            /** End Date */
            end_date?: string | null;
        };
        /**
         * ClientChange
         * @description What to change; what is left out stays as it is. ``user_id`` null: nobody's.
         */
        ClientChange: {
            /** Name */
            name?: string | null;
            /** User Id */
            user_id?: string | null;
            /** Currency */
            currency?: string | null;
            /** Timezone */
            timezone?: string | null;
            settings?: components["schemas"]["ClientSettings"] | null;
        };
        /**
         * ClientSettings
         * @description What is agreed with a client.
         */
        ClientSettings: {
            /**
             * Show Media Cost
             * @default false
             */
            show_media_cost: boolean;
            thresholds?: components["schemas"]["Thresholds"] | null;
            /**
             * Logo
             * @description `data:` is printed in PDF files; an address is for pages alone.
             */
            logo?: string | null;
        };
        /**
         * CreativeChange
         * @description What to change; what is left out stays as it is.
         */
        CreativeChange: {
            /** Name */
            name?: string | null;
            /** Preview Url */
            preview_url?: string | null;
        };
        /**
         * Credentials
         * @description Vibe's credentials: an API key, or a client id with its secret. Written, never shown.
         */
        Credentials: {
            /** Advertiser Id */
            advertiser_id: string;
            /** Api Key */
            api_key?: string | null;
            /** Oauth Id */
            oauth_id?: string | null;
            /** Oauth Secret */
            oauth_secret?: string | null;
            /**
             * Is Active
             * @default true
             */
            is_active: boolean;
        };
        /**
         * Enrol
         * @description The password: whoever finds an open session must not lock its owner out.
         */
        Enrol: {
            /** Password */
            password: string;
        };
        /**
         * Error
         * @description Every error.
         */
        Error: {
            /** Detail */
            detail: string;
            /** Error Code */
            error_code: string;
            /** Field Errors */
            field_errors: {
                [key: string]: string[];
            };
            /** Details */
            details: {
                [key: string]: unknown;
            };
            /** Correlation Id */
            correlation_id: string;
        };
        /**
         * Export
         * @description What is to be in a file.
         */
        Export: {
            /**
             * Client Id
             * @description Left out: your only client. Several: of one currency.
             * @default []
             */
            client_id: string[];
            /**
             * Start Date
             * @description First account day; left out: the last 30 complete days.
             */
            start_date?: string | null;
            /**
             * End Date
             * @description Last account day, included.
             */
            end_date?: string | null;
            /** Source */
            source?: ("surfside" | "vibe" | "facebook") | null;
            /** Campaign Id */
            campaign_id?: string | null;
            /** Strategy Id */
            strategy_id?: string | null;
            /** Placement Id */
            placement_id?: string | null;
            /** Creative Id */
            creative_id?: string | null;
            /**
             * Name
             * @description Of a level of the hierarchy: the name contains this, whatever its case.
             */
            name?: string | null;
            /**
             * Level
             * @description `daily`: the rows, one for each day and creative.
             * @default daily
             * @enum {string}
             */
            level: "daily" | "campaign" | "strategy" | "placement" | "creative" | "day" | "week" | "month" | "source";
            /**
             * Columns
             * @description In this order; left out: names and all figures you may see.
             * @default []
             */
            columns: string[];
            /**
             * Sort By
             * @description `date`, `name` or a figure.
             */
            sort_by?: string | null;
            /** Order */
            order?: ("asc" | "desc") | null;
        };
        /**
         * Leave
         * @description Not needed where an access token is sent.
         */
        Leave: {
            /** Refresh Token */
            refresh_token?: string | null;
        };
        /**
         * Me
         * @description The signed-in user.
         */
        Me: {
            /** Id */
            id: string;
            /** Email */
            email: string;
            /** Role */
            role: string;
            /** Client Ids */
            client_ids: string[];
            /** Mfa Enabled */
            mfa_enabled: boolean;
            /** Must Change Password */
            must_change_password: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * NewCampaign
         * @description A campaign to be: a delivery that names it finds it.
         */
        NewCampaign: {
            /**
             * Client Id
             * Format: uuid
             */
            client_id: string;
            /**
             * Source
             * @enum {string}
             */
            source: "surfside" | "vibe" | "facebook";
            /** Name */
            name: string;
            /**
             * Account
             * @description Of the platform, where files name one.
             * @default
             */
            account: string;
        };
        /**
         * NewClient
         * @description A client to be.
         */
        NewClient: {
            /** Name */
            name: string;
            /**
             * User Id
             * @description The user who may see it.
             */
            user_id?: string | null;
            /**
             * Currency
             * @description ISO 4217.
             * @default USD
             */
            currency: string;
            /**
             * Timezone
             * @default UTC
             */
            timezone: string;
            /**
             * @default {
             *       "show_media_cost": false
             *     }
             */
            settings: components["schemas"]["ClientSettings"];
        };
        /**
         * NewCreative
         * @description A creative to be.
         */
        NewCreative: {
            /**
             * Placement Id
             * Format: uuid
             */
            placement_id: string;
            /** Name */
            name: string;
            /** Preview Url */
            preview_url?: string | null;
        };
        /**
         * NewKey
         * @description What the key is called and what it is for.
         */
        NewKey: {
            /** Name */
            name: string;
            /**
             * Scopes
             * @default [
             *       "read"
             *     ]
             */
            scopes: ("read" | "upload")[];
            /**
             * Expires At
             * @description With a time zone; left out: good until it is deleted.
             */
            expires_at?: string | null;
        };
        /**
         * NewPlacement
         * @description A placement to be.
         */
        NewPlacement: {
            /**
             * Strategy Id
             * Format: uuid
             */
            strategy_id: string;
            /** Name */
            name: string;
        };
        /**
         * NewRate
         * @description A CPM from a day on.
         */
        NewRate: {
            /**
             * Cpm
             * @description Per 1,000 impressions; at most 4 decimals.
             */
            cpm: number | string;
            /**
             * Effective Date
             * @description Left out: today, in the account's days.
             */
            effective_date?: string | null;
            /**
             * Source
             * @description Only for this source.
             */
            source?: ("surfside" | "vibe" | "facebook") | null;
            /** Currency */
            currency?: string | null;
        };
        /**
         * NewSchedule
         * @description A schedule of a client.
         */
        NewSchedule: {
            /**
             * Frequency
             * @description Weekly: on Mondays; monthly: on the 1st. In the morning of the client's time zone.
             * @enum {string}
             */
            frequency: "weekly" | "monthly";
            /**
             * Formats
             * @default [
             *       "pdf"
             *     ]
             */
            formats: ("pdf" | "xlsx")[];
            /** Recipients */
            recipients: string[];
            /**
             * Is Active
             * @default true
             */
            is_active: boolean;
            /**
             * Client Id
             * Format: uuid
             */
            client_id: string;
        };
        /**
         * NewSettings
         * @description What to change; what is left out stays as it is. With ``cpm`` a rate is set, as POST …/cpm does.
         */
        NewSettings: {
            /**
             * Show Media Cost
             * @default false
             */
            show_media_cost: boolean;
            thresholds?: components["schemas"]["Thresholds"] | null;
            /**
             * Logo
             * @description `data:` is printed in PDF files; an address is for pages alone.
             */
            logo?: string | null;
            /** Cpm */
            cpm?: (number | string) | null;
            /**
             * Effective Date
             * @description Of the CPM; left out: today.
             */
            effective_date?: string | null;
            /**
             * Source
             * @description The CPM is only for this source.
             */
            source?: ("surfside" | "vibe" | "facebook") | null;
            /** Currency */
            currency?: string | null;
        };
        /**
         * NewStrategy
         * @description A strategy to be.
         */
        NewStrategy: {
            /**
             * Campaign Id
             * Format: uuid
             */
            campaign_id: string;
            /** Name */
            name: string;
        };
        /**
         * NewUser
         * @description A user to be; which clients are theirs is said at the clients.
         */
        NewUser: {
            /** Email */
            email: string;
            /**
             * Password
             * @description Common ones are refused.
             */
            password: string;
            /**
             * Role
             * @default client
             * @enum {string}
             */
            role: "admin" | "client";
            /**
             * Must Change Password
             * @description They have to choose a password of their own first.
             * @default false
             */
            must_change_password: boolean;
        };
        /**
         * NewView
         * @description A view to save.
         */
        NewView: {
            /** Name */
            name: string;
            /** State */
            state: {
                [key: string]: unknown;
            };
        };
        /**
         * PasswordChange
         * @description The old password proves that it is its owner who changes it.
         */
        PasswordChange: {
            /** Current Password */
            current_password: string;
            /**
             * New Password
             * @description Common ones are refused.
             */
            new_password: string;
        };
        /**
         * Pull
         * @description What to fetch. Each field may also be given in the query.
         */
        Pull: {
            /** Source */
            source?: ("surfside" | "vibe" | "facebook") | null;
            /** Client Id */
            client_id?: string | null;
            /** Date */
            date?: string | null;
        };
        /**
         * Reload
         * @description How to read the raw file again.
         */
        Reload: {
            /**
             * Allow Shrink
             * @default false
             */
            allow_shrink: boolean;
        };
        /**
         * Remove
         * @description Both factors.
         */
        Remove: {
            /** Password */
            password: string;
            /** Code */
            code: string;
        };
        /**
         * Renamed
         * @description The name that people see; what the source sends stays, so that its next delivery finds it.
         */
        Renamed: {
            /** Name */
            name: string;
        };
        /**
         * Renewal
         * @description The refresh token that was given last.
         */
        Renewal: {
            /** Refresh Token */
            refresh_token: string;
        };
        /**
         * Replay
         * @description How many dead letters to move at most; ``limit`` may also be given in the query.
         */
        Replay: {
            /** Limit */
            limit?: number | null;
        };
        /**
         * Reset
         * @description A password that an administrator hands over.
         */
        Reset: {
            /**
             * New Password
             * @description Common ones are refused.
             */
            new_password: string;
            /**
             * Must Change Password
             * @description The user has to choose another one first.
             * @default false
             */
            must_change_password: boolean;
            /**
             * Reset Mfa
             * @description Also for somebody who lost their authenticator app.
             * @default false
             */
            reset_mfa: boolean;
        };
        /**
         * Resolution
         * @description What was done about a run; ``resolution_notes`` may also be given in the query.
         */
        Resolution: {
            /** Resolution Notes */
            resolution_notes?: string | null;
        };
        /**
         * Schedule
         * @description How often, in which formats, to whom.
         */
        Schedule: {
            /**
             * Frequency
             * @description Weekly: on Mondays; monthly: on the 1st. In the morning of the client's time zone.
             * @enum {string}
             */
            frequency: "weekly" | "monthly";
            /**
             * Formats
             * @default [
             *       "pdf"
             *     ]
             */
            formats: ("pdf" | "xlsx")[];
            /** Recipients */
            recipients: string[];
            /**
             * Is Active
             * @default true
             */
            is_active: boolean;
        };
        /**
         * SignedIn
         * @description Tokens of a session; null while a code of the authenticator app is asked for (`mfa_required`).
         */
        SignedIn: {
            /** Access Token */
            access_token: string | null;
            /** Refresh Token */
            refresh_token: string | null;
            /**
             * Token Type
             * @default bearer
             */
            token_type: string;
            /**
             * Expires In
             * @description Seconds until the access token expires.
             */
            expires_in: number;
            /**
             * Mfa Required
             * @description Send the login again, with `code`.
             */
            mfa_required: boolean;
            /**
             * Must Change Password
             * @description Only a change of the password is answered until then.
             */
            must_change_password: boolean;
        };
        /**
         * SourceSettings
         * @description How a source is read; what is left out gets its usual value.
         */
        SourceSettings: {
            /**
             * Enabled
             * @default false
             */
            enabled: boolean;
            /** Bucket */
            bucket?: string | null;
            /** Prefix */
            prefix?: string | null;
            /**
             * File Pattern
             * @description With {date}, {yyyymmdd}, {client} and *.
             */
            file_pattern?: string | null;
            /**
             * Parts
             * @default latest
             * @enum {string}
             */
            parts: "latest" | "all";
            /**
             * Due By
             * Format: time
             * @description When a missing file is missing, US Eastern.
             * @default 12:00:00
             */
            due_by: string;
            /** Default Campaign */
            default_campaign?: string | null;
            /**
             * Column Map
             * @description The title (or titles) of a column in this client's files; null: they have none.
             * @default {}
             */
            column_map: {
                [key: string]: string | string[] | null;
            };
            /** Date Format */
            date_format?: string | null;
            /** Timezone */
            timezone?: string | null;
            /** Settling Days */
            settling_days?: number | null;
            /** Advertiser Id */
            advertiser_id?: string | null;
            /**
             * Strict
             * @default false
             */
            strict: boolean;
            /**
             * Max Bad Share
             * @default 0.5
             */
            max_bad_share: number | string;
            /**
             * Max Shrink Share
             * @default 0.5
             */
            max_shrink_share: number | string;
            /** @description Write-only; left out: as it was. */
            vibe_credentials?: components["schemas"]["Credentials"] | null;
        };
        /**
         * Thresholds
         * @description When a campaign counts as an underperformer.
         */
        Thresholds: {
            /**
             * Ctr Below
             * @default 0.5
             */
            ctr_below: number | string;
            /**
             * Spend Over
             * @default 100
             */
            spend_over: number | string;
            /**
             * Conversions Under
             * @default 5
             */
            conversions_under: number;
        };
        /**
         * UserChange
         * @description What is left out stays as it is.
         */
        UserChange: {
            /** Role */
            role?: ("admin" | "client") | null;
            /** Is Active */
            is_active?: boolean | null;
        };
        /**
         * Verify
         * @description What the app shows now.
         */
        Verify: {
            /** Code */
            code: string;
        };
        /**
         * Wanted
         * @description The status to have; left out: the other one.
         */
        Wanted: {
            /** Status */
            status?: ("active" | "disabled") | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    post_auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Email */
                    email: string;
                    /** Password */
                    password: string;
                    /**
                     * Code
                     * @description Of the authenticator app, or a recovery code.
                     */
                    code?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
        };
    };
    get_auth_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    post_auth_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Renewal"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
        };
    };
    post_auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Leave"] | null;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        signed_out: boolean | null;
                    };
                };
            };
        };
    };
    get_auth_sessions: {
        parameters: {
            query?: {
                sort_by?: "last_used_at" | "created_at" | "expires_at";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: string | null;
                            current: boolean | null;
                            ip: string | null;
                            user_agent: string | null;
                            created_at: string | null;
                            last_used_at: string | null;
                            expires_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    delete_auth_sessions_session_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        ended: boolean | null;
                    };
                };
            };
        };
    };
    put_auth_change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changed: boolean | null;
                        sessions_ended: number | null;
                    };
                };
            };
        };
    };
    post_auth_reset_password_user_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reset"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        reset: boolean | null;
                        sessions_ended: number | null;
                    };
                };
            };
        };
    };
    post_auth_mfa_enroll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enrol"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        secret: string | null;
                        otpauth_uri: string | null;
                    };
                };
            };
        };
    };
    post_auth_mfa_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Verify"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        mfa_enabled: boolean | null;
                        recovery_codes: (string | null)[];
                    };
                };
            };
        };
    };
    delete_auth_mfa: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Remove"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        mfa_enabled: boolean | null;
                    };
                };
            };
        };
    };
    get_auth_api_keys: {
        parameters: {
            query?: {
                sort_by?: "name" | "created_at" | "last_used_at" | "expires_at";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: string | null;
                            name: string | null;
                            scopes: (string | null)[];
                            expires_at: string | null;
                            last_used_at: unknown;
                            created_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_auth_api_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        name: string | null;
                        scopes: (string | null)[];
                        expires_at: string | null;
                        last_used_at: unknown;
                        created_at: string | null;
                        key?: string | null;
                    };
                };
            };
        };
    };
    delete_auth_api_keys_key_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        deleted: boolean | null;
                    };
                };
            };
        };
    };
    post_auth_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        email: string | null;
                        role: string | null;
                        is_active: boolean | null;
                        mfa_enabled: boolean | null;
                        must_change_password: boolean | null;
                        client_ids: (string | null)[];
                        last_seen_at: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    get_users: {
        parameters: {
            query?: {
                email?: string | null;
                role?: ("admin" | "client") | null;
                is_active?: boolean | null;
                sort_by?: "email" | "created_at" | "last_seen_at";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: string | null;
                            email: string | null;
                            role: string | null;
                            is_active: boolean | null;
                            mfa_enabled: boolean | null;
                            must_change_password: boolean | null;
                            client_ids: (string | null)[];
                            last_seen_at: string | null;
                            created_at: string | null;
                            updated_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    get_users_user_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        email: string | null;
                        role: string | null;
                        is_active: boolean | null;
                        mfa_enabled: boolean | null;
                        must_change_password: boolean | null;
                        client_ids: (string | null)[];
                        last_seen_at: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    patch_users_user_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        email: string | null;
                        role: string | null;
                        is_active: boolean | null;
                        mfa_enabled: boolean | null;
                        must_change_password: boolean | null;
                        client_ids: (string | null)[];
                        last_seen_at: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    get_dashboard: {
        parameters: {
            query?: {
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        summary: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                            impressions_delta?: number | null;
                            impressions_delta_pct?: number | null;
                            clicks_delta?: number | null;
                            clicks_delta_pct?: number | null;
                            conversions_delta?: number | null;
                            conversions_delta_pct?: number | null;
                            conversion_revenue_delta?: number | null;
                            conversion_revenue_delta_pct?: number | null;
                            spend_delta?: number | null;
                            spend_delta_pct?: number | null;
                            media_cost_delta?: number | null;
                            media_cost_delta_pct?: number | null;
                            margin_delta?: number | null;
                            margin_delta_pct?: number | null;
                            video_completions_delta?: unknown;
                            video_completions_delta_pct?: unknown;
                            ctr_delta?: number | null;
                            ctr_delta_pct?: number | null;
                            cpc_delta?: number | null;
                            cpc_delta_pct?: number | null;
                            cpa_delta?: number | null;
                            cpa_delta_pct?: number | null;
                            cpm_delta?: number | null;
                            cpm_delta_pct?: number | null;
                            roas_delta?: number | null;
                            roas_delta_pct?: number | null;
                            delta_reasons?: {
                                [key: string]: unknown;
                            } | null;
                            rows: number | null;
                            previous_range: {
                                start: string | null;
                                end: string | null;
                            };
                        };
                        campaigns: {
                            total: number | null;
                            page: number | null;
                            page_size: number | null;
                            data: {
                                campaign_id: string | null;
                                campaign_name: string | null;
                                source: string | null;
                                client_id: string | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            }[];
                            totals: {
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            };
                        };
                        strategies: {
                            total: number | null;
                            page: number | null;
                            page_size: number | null;
                            data: {
                                strategy_id: string | null;
                                strategy_name: string | null;
                                campaign_id: string | null;
                                campaign_name: string | null;
                                source: string | null;
                                client_id: string | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            }[];
                            totals: {
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            };
                        };
                        placements: {
                            total: number | null;
                            page: number | null;
                            page_size: number | null;
                            data: {
                                placement_id: string | null;
                                placement_name: string | null;
                                strategy_id: string | null;
                                strategy_name: string | null;
                                campaign_id: string | null;
                                campaign_name: string | null;
                                source: string | null;
                                client_id: string | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            }[];
                            totals: {
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            };
                        };
                        creatives: {
                            total: number | null;
                            page: number | null;
                            page_size: number | null;
                            data: {
                                creative_id: string | null;
                                creative_name: string | null;
                                preview_url: unknown;
                                placement_id: string | null;
                                placement_name: string | null;
                                strategy_id: string | null;
                                strategy_name: string | null;
                                campaign_id: string | null;
                                campaign_name: string | null;
                                source: string | null;
                                client_id: string | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            }[];
                            totals: {
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            };
                        };
                        trends: {
                            by: string | null;
                            points: {
                                date: string | null;
                                end_date: string | null;
                                status: string | null;
                                reason: unknown;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            }[];
                        };
                        source_breakdown: {
                            data: {
                                source: string | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                                impressions_share?: number | null;
                                spend_share?: number | null;
                            }[];
                            totals: {
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            };
                        };
                        weekly_summary: unknown;
                        monthly_summary: unknown;
                        freshness: {
                            source: string | null;
                            first_day: string | null;
                            latest_day: string | null;
                            latest_delivery_at: string | null;
                            days_behind: number | null;
                            settling_days: number | null;
                            provisional_from: string | null;
                            missing_days: {
                                date: string | null;
                                reason: string | null;
                            }[];
                            not_uploaded_from: string | null;
                        }[];
                    };
                };
            };
        };
    };
    get_dashboard_overview: {
        parameters: {
            query?: {
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        impressions?: number | null;
                        clicks?: number | null;
                        conversions?: number | null;
                        conversion_revenue?: number | null;
                        spend?: number | null;
                        media_cost?: number | null;
                        margin?: number | null;
                        video_completions?: unknown;
                        ctr?: number | null;
                        cpc?: number | null;
                        cpa?: number | null;
                        cpm?: number | null;
                        roas?: number | null;
                        coverage: {
                            [key: string]: unknown;
                        } | null;
                        unpriced_impressions: number | null;
                        impressions_delta?: number | null;
                        impressions_delta_pct?: number | null;
                        clicks_delta?: number | null;
                        clicks_delta_pct?: number | null;
                        conversions_delta?: number | null;
                        conversions_delta_pct?: number | null;
                        conversion_revenue_delta?: number | null;
                        conversion_revenue_delta_pct?: number | null;
                        spend_delta?: number | null;
                        spend_delta_pct?: number | null;
                        media_cost_delta?: number | null;
                        media_cost_delta_pct?: number | null;
                        margin_delta?: number | null;
                        margin_delta_pct?: number | null;
                        video_completions_delta?: unknown;
                        video_completions_delta_pct?: unknown;
                        ctr_delta?: number | null;
                        ctr_delta_pct?: number | null;
                        cpc_delta?: number | null;
                        cpc_delta_pct?: number | null;
                        cpa_delta?: number | null;
                        cpa_delta_pct?: number | null;
                        cpm_delta?: number | null;
                        cpm_delta_pct?: number | null;
                        roas_delta?: number | null;
                        roas_delta_pct?: number | null;
                        delta_reasons?: {
                            [key: string]: unknown;
                        } | null;
                        rows: number | null;
                        previous_range: {
                            start: string | null;
                            end: string | null;
                        };
                    };
                };
            };
        };
    };
    get_dashboard_summary: {
        parameters: {
            query?: {
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        impressions?: number | null;
                        clicks?: number | null;
                        conversions?: number | null;
                        conversion_revenue?: number | null;
                        spend?: number | null;
                        media_cost?: number | null;
                        margin?: number | null;
                        video_completions?: unknown;
                        ctr?: number | null;
                        cpc?: number | null;
                        cpa?: number | null;
                        cpm?: number | null;
                        roas?: number | null;
                        coverage: {
                            [key: string]: unknown;
                        } | null;
                        unpriced_impressions: number | null;
                        impressions_delta?: number | null;
                        impressions_delta_pct?: number | null;
                        clicks_delta?: number | null;
                        clicks_delta_pct?: number | null;
                        conversions_delta?: number | null;
                        conversions_delta_pct?: number | null;
                        conversion_revenue_delta?: number | null;
                        conversion_revenue_delta_pct?: number | null;
                        spend_delta?: number | null;
                        spend_delta_pct?: number | null;
                        media_cost_delta?: number | null;
                        media_cost_delta_pct?: number | null;
                        margin_delta?: number | null;
                        margin_delta_pct?: number | null;
                        video_completions_delta?: unknown;
                        video_completions_delta_pct?: unknown;
                        ctr_delta?: number | null;
                        ctr_delta_pct?: number | null;
                        cpc_delta?: number | null;
                        cpc_delta_pct?: number | null;
                        cpa_delta?: number | null;
                        cpa_delta_pct?: number | null;
                        cpm_delta?: number | null;
                        cpm_delta_pct?: number | null;
                        roas_delta?: number | null;
                        roas_delta_pct?: number | null;
                        delta_reasons?: {
                            [key: string]: unknown;
                        } | null;
                        rows: number | null;
                        previous_range: {
                            start: string | null;
                            end: string | null;
                        };
                    };
                };
            };
        };
    };
    get_dashboard_campaigns: {
        parameters: {
            query?: {
                sort_by?: "name" | "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_dashboard_strategies: {
        parameters: {
            query?: {
                sort_by?: "name" | "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            strategy_id: string | null;
                            strategy_name: string | null;
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_dashboard_placements: {
        parameters: {
            query?: {
                sort_by?: "name" | "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            placement_id: string | null;
                            placement_name: string | null;
                            strategy_id: string | null;
                            strategy_name: string | null;
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_dashboard_creatives: {
        parameters: {
            query?: {
                sort_by?: "name" | "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            creative_id: string | null;
                            creative_name: string | null;
                            preview_url: unknown;
                            placement_id: string | null;
                            placement_name: string | null;
                            strategy_id: string | null;
                            strategy_name: string | null;
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_dashboard_trends: {
        parameters: {
            query?: {
                /** @description ISO weeks start on Monday. */
                by?: "day" | "week" | "month";
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        by: string | null;
                        points: {
                            date: string | null;
                            end_date: string | null;
                            status: string | null;
                            reason: unknown;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                    };
                };
            };
        };
    };
    get_dashboard_source_breakdown: {
        parameters: {
            query?: {
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        data: {
                            source: string | null;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                            impressions_share?: number | null;
                            spend_share?: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_dashboard_freshness: {
        parameters: {
            query?: {
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        data: {
                            source: string | null;
                            first_day: string | null;
                            latest_day: string | null;
                            latest_delivery_at: string | null;
                            days_behind: number | null;
                            settling_days: number | null;
                            provisional_from: string | null;
                            missing_days: {
                                date: string | null;
                                reason: string | null;
                            }[];
                            not_uploaded_from: string | null;
                        }[];
                    };
                };
            };
        };
    };
    get_clients: {
        parameters: {
            query?: {
                status?: ("active" | "disabled") | null;
                /** @description The name contains this, whatever its case. */
                name?: string | null;
                sort_by?: "name" | "created_at" | "status";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: string | null;
                            name: string | null;
                            status: string | null;
                            user_id: string | null;
                            currency: string | null;
                            timezone: string | null;
                            settings: {
                                [key: string]: unknown;
                            } | null;
                            created_at: string | null;
                            updated_at: string | null;
                            cpm?: {
                                cpm?: number | null;
                                source: unknown;
                                effective_date: string | null;
                            } | null;
                            cpm_by_source?: {
                                [key: string]: unknown;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    post_clients: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewClient"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        name: string | null;
                        status: string | null;
                        user_id: string | null;
                        currency: string | null;
                        timezone: string | null;
                        settings: {
                            [key: string]: unknown;
                        } | null;
                        created_at: string | null;
                        updated_at: string | null;
                        cpm?: {
                            cpm?: number | null;
                            source: unknown;
                            effective_date: string | null;
                        } | null;
                        cpm_by_source?: {
                            [key: string]: unknown;
                        } | null;
                    };
                };
            };
        };
    };
    get_clients_active: {
        parameters: {
            query?: {
                sort_by?: "name" | "created_at";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: string | null;
                            name: string | null;
                            status: string | null;
                            user_id: string | null;
                            currency: string | null;
                            timezone: string | null;
                            settings: {
                                [key: string]: unknown;
                            } | null;
                            created_at: string | null;
                            updated_at: string | null;
                            cpm?: {
                                cpm?: number | null;
                                source: unknown;
                                effective_date: string | null;
                            } | null;
                            cpm_by_source?: {
                                [key: string]: unknown;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    get_clients_client_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        name: string | null;
                        status: string | null;
                        user_id: string | null;
                        currency: string | null;
                        timezone: string | null;
                        settings: {
                            [key: string]: unknown;
                        } | null;
                        created_at: string | null;
                        updated_at: string | null;
                        cpm?: {
                            cpm?: number | null;
                            source: unknown;
                            effective_date: string | null;
                        } | null;
                        cpm_by_source?: {
                            [key: string]: unknown;
                        } | null;
                    };
                };
            };
        };
    };
    put_clients_client_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        name: string | null;
                        status: string | null;
                        user_id: string | null;
                        currency: string | null;
                        timezone: string | null;
                        settings: {
                            [key: string]: unknown;
                        } | null;
                        created_at: string | null;
                        updated_at: string | null;
                        cpm?: {
                            cpm?: number | null;
                            source: unknown;
                            effective_date: string | null;
                        } | null;
                        cpm_by_source?: {
                            [key: string]: unknown;
                        } | null;
                    };
                };
            };
        };
    };
    delete_clients_client_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        name: string | null;
                        status: string | null;
                        user_id: string | null;
                        currency: string | null;
                        timezone: string | null;
                        settings: {
                            [key: string]: unknown;
                        } | null;
                        created_at: string | null;
                        updated_at: string | null;
                        cpm?: {
                            cpm?: number | null;
                            source: unknown;
                            effective_date: string | null;
                        } | null;
                        cpm_by_source?: {
                            [key: string]: unknown;
                        } | null;
                        user_disabled: boolean | null;
                    };
                };
            };
        };
    };
    put_admin_clients_client_id_toggle_status: {
        parameters: {
            query?: {
                /** @description May also be given in the body. */
                status?: ("active" | "disabled") | null;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Wanted"] | null;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        name: string | null;
                        status: string | null;
                        user_id: string | null;
                        currency: string | null;
                        timezone: string | null;
                        settings: {
                            [key: string]: unknown;
                        } | null;
                        created_at: string | null;
                        updated_at: string | null;
                        cpm?: {
                            cpm?: number | null;
                            source: unknown;
                            effective_date: string | null;
                        } | null;
                        cpm_by_source?: {
                            [key: string]: unknown;
                        } | null;
                        user_disabled: boolean | null;
                    };
                };
            };
        };
    };
    post_clients_client_id_toggle: {
        parameters: {
            query?: {
                /** @description May also be given in the body. */
                status?: ("active" | "disabled") | null;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Wanted"] | null;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        name: string | null;
                        status: string | null;
                        user_id: string | null;
                        currency: string | null;
                        timezone: string | null;
                        settings: {
                            [key: string]: unknown;
                        } | null;
                        created_at: string | null;
                        updated_at: string | null;
                        cpm?: {
                            cpm?: number | null;
                            source: unknown;
                            effective_date: string | null;
                        } | null;
                        cpm_by_source?: {
                            [key: string]: unknown;
                        } | null;
                        user_disabled: boolean | null;
                    };
                };
            };
        };
    };
    get_clients_client_id_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        currency: string | null;
                        show_media_cost: boolean | null;
                        thresholds: {
                            ctr_below?: number | null;
                            spend_over?: number | null;
                            conversions_under?: number | null;
                        };
                        logo: unknown;
                        general: {
                            id: string | null;
                            source: unknown;
                            cpm?: number | null;
                            currency: string | null;
                            effective_date: string | null;
                            created_by: string | null;
                            created_at: string | null;
                            updated_at: string | null;
                        } | null;
                        sources: {
                            [key: string]: unknown;
                        } | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    post_clients_client_id_settings: {
        parameters: {
            query?: {
                /** @description Only say what would change. */
                preview?: boolean;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSettings"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        currency: string | null;
                        show_media_cost: boolean | null;
                        thresholds: {
                            ctr_below?: number | null;
                            spend_over?: number | null;
                            conversions_under?: number | null;
                        };
                        logo: unknown;
                        general: {
                            id: string | null;
                            source: unknown;
                            cpm?: number | null;
                            currency: string | null;
                            effective_date: string | null;
                            created_by: string | null;
                            created_at: string | null;
                            updated_at: string | null;
                        } | null;
                        sources: {
                            [key: string]: unknown;
                        } | null;
                        updated_at: string | null;
                        queued: (string | null)[];
                        effect: {
                            rows: number | null;
                            days: number | null;
                            first_day: string | null;
                            last_day: string | null;
                            spend_before?: number | null;
                            spend_after?: number | null;
                            spend_change?: number | null;
                        } | null;
                    } | {
                        show_media_cost: boolean | null;
                        thresholds: {
                            ctr_below?: number | null;
                            spend_over?: number | null;
                            conversions_under?: number | null;
                        };
                        logo: unknown;
                        preview: boolean | null;
                        queued: (string | null)[];
                        effect: {
                            rows: number | null;
                            days: number | null;
                            first_day: string | null;
                            last_day: string | null;
                            spend_before?: number | null;
                            spend_after?: number | null;
                            spend_change?: number | null;
                        } | null;
                    };
                };
            };
        };
    };
    get_clients_client_id_cpm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        general: {
                            id: string | null;
                            source: unknown;
                            cpm?: number | null;
                            currency: string | null;
                            effective_date: string | null;
                            created_by: string | null;
                            created_at: string | null;
                            updated_at: string | null;
                        } | null;
                        sources: {
                            [key: string]: unknown;
                        } | null;
                    };
                };
            };
        };
    };
    post_clients_client_id_cpm: {
        parameters: {
            query?: {
                /** @description Only say what would change. */
                preview?: boolean;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRate"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        preview: boolean | null;
                        rows: number | null;
                        days: number | null;
                        first_day: string | null;
                        last_day: string | null;
                        spend_before?: number | null;
                        spend_after?: number | null;
                        spend_change?: number | null;
                    };
                };
            };
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        id: string | null;
                        effect: {
                            rows: number | null;
                            days: number | null;
                            first_day: string | null;
                            last_day: string | null;
                            spend_before?: number | null;
                            spend_after?: number | null;
                            spend_change?: number | null;
                        } | null;
                        cpm?: number | null;
                        source: unknown;
                        effective_date: string | null;
                        replaced: boolean | null;
                    };
                };
            };
        };
    };
    get_clients_client_id_cpm_history: {
        parameters: {
            query?: {
                sort_by?: "effective_date" | "cpm" | "created_at";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: string | null;
                            source: unknown;
                            cpm?: number | null;
                            currency: string | null;
                            effective_date: string | null;
                            created_by: string | null;
                            created_at: string | null;
                            updated_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    delete_clients_client_id_cpm_rate_id: {
        parameters: {
            query?: {
                /** @description Only say what would change. */
                preview?: boolean;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                client_id: string;
                rate_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        preview: boolean | null;
                        rows: number | null;
                        days: number | null;
                        first_day: string | null;
                        last_day: string | null;
                        spend_before?: number | null;
                        spend_after?: number | null;
                        spend_change?: number | null;
                    };
                };
            };
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        id: string | null;
                        effect: {
                            rows: number | null;
                            days: number | null;
                            first_day: string | null;
                            last_day: string | null;
                            spend_before?: number | null;
                            spend_after?: number | null;
                            spend_change?: number | null;
                        } | null;
                    };
                };
            };
        };
    };
    get_clients_client_id_sources_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
                source: "surfside" | "vibe" | "facebook";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        source: string | null;
                        enabled: boolean | null;
                        bucket?: string | null;
                        prefix: string | null;
                        file_pattern: string | null;
                        parts: string | null;
                        due_by: string | null;
                        default_campaign: unknown;
                        column_map: {
                            [key: string]: unknown;
                        } | null;
                        date_format: unknown;
                        timezone: unknown;
                        settling_days: unknown;
                        advertiser_id: unknown;
                        strict: boolean | null;
                        max_bad_share: number | null;
                        max_shrink_share: number | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    put_clients_client_id_sources_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
                source: "surfside" | "vibe" | "facebook";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceSettings"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        source: string | null;
                        enabled: boolean | null;
                        bucket?: string | null;
                        prefix: string | null;
                        file_pattern: string | null;
                        parts: string | null;
                        due_by: string | null;
                        default_campaign: unknown;
                        column_map: {
                            [key: string]: unknown;
                        } | null;
                        date_format: unknown;
                        timezone: unknown;
                        settling_days: unknown;
                        advertiser_id: unknown;
                        strict: boolean | null;
                        max_bad_share: number | null;
                        max_shrink_share: number | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    get_campaigns: {
        parameters: {
            query?: {
                sort_by?: "name" | "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description The name contains this, whatever its case. */
                name?: string | null;
                /** @description With a range the answer carries figures. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_campaigns: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCampaign"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                        strategies: number | null;
                    };
                };
            };
        };
    };
    get_campaigns_campaign_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                        strategies: number | null;
                    };
                };
            };
        };
    };
    put_campaigns_campaign_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Renamed"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                        strategies: number | null;
                    };
                };
            };
        };
    };
    delete_campaigns_campaign_id: {
        parameters: {
            query?: {
                /** @description Needed where there are metrics: they are deleted, too. */
                confirm?: boolean;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        campaign_id: string | null;
                        rows: number | null;
                        first_day: string | null;
                        last_day: string | null;
                    };
                };
            };
        };
    };
    get_campaigns_campaign_id_metrics: {
        parameters: {
            query?: {
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description ISO weeks start on Monday. */
                by?: "day" | "week" | "month";
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: string | null;
                        campaign_id: string | null;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        campaign_name: string | null;
                        by: string | null;
                        points: {
                            date: string | null;
                            end_date: string | null;
                            status: string | null;
                            reason: unknown;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_strategies: {
        parameters: {
            query?: {
                sort_by?: "name" | "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description The name contains this, whatever its case. */
                name?: string | null;
                /** @description With a range the answer carries figures. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            strategy_id: string | null;
                            strategy_name: string | null;
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_strategies: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewStrategy"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                        placements?: number | null;
                    };
                };
            };
        };
    };
    get_strategies_strategy_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                strategy_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                        placements?: number | null;
                    };
                };
            };
        };
    };
    put_strategies_strategy_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                strategy_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Renamed"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                        placements?: number | null;
                    };
                };
            };
        };
    };
    delete_strategies_strategy_id: {
        parameters: {
            query?: {
                /** @description Needed where there are metrics: they are deleted, too. */
                confirm?: boolean;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                strategy_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        strategy_id: string | null;
                        rows: number | null;
                        first_day: string | null;
                        last_day: string | null;
                    };
                };
            };
        };
    };
    get_strategies_strategy_id_metrics: {
        parameters: {
            query?: {
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description ISO weeks start on Monday. */
                by?: "day" | "week" | "month";
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path: {
                strategy_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: string | null;
                        campaign_id: string | null;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_name: string | null;
                        by: string | null;
                        points: {
                            date: string | null;
                            end_date: string | null;
                            status: string | null;
                            reason: unknown;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_placements: {
        parameters: {
            query?: {
                sort_by?: "name" | "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
                /** @description Only this strategy. */
                strategy_id?: string | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description The name contains this, whatever its case. */
                name?: string | null;
                /** @description With a range the answer carries figures. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            placement_id: string | null;
                            placement_name: string | null;
                            strategy_id: string | null;
                            strategy_name: string | null;
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_placements: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPlacement"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        placement_id: string | null;
                        placement_name: string | null;
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                        creatives?: number | null;
                    };
                };
            };
        };
    };
    get_placements_placement_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                placement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        placement_id: string | null;
                        placement_name: string | null;
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                        creatives?: number | null;
                    };
                };
            };
        };
    };
    put_placements_placement_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                placement_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Renamed"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        placement_id: string | null;
                        placement_name: string | null;
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                        creatives?: number | null;
                    };
                };
            };
        };
    };
    delete_placements_placement_id: {
        parameters: {
            query?: {
                /** @description Needed where there are metrics: they are deleted, too. */
                confirm?: boolean;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                placement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        placement_id: string | null;
                        rows: number | null;
                        first_day: string | null;
                        last_day: string | null;
                    };
                };
            };
        };
    };
    get_placements_placement_id_metrics: {
        parameters: {
            query?: {
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description ISO weeks start on Monday. */
                by?: "day" | "week" | "month";
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path: {
                placement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: string | null;
                        campaign_id: string | null;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        placement_id: string | null;
                        placement_name: string | null;
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_name: string | null;
                        by: string | null;
                        points: {
                            date: string | null;
                            end_date: string | null;
                            status: string | null;
                            reason: unknown;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_creatives: {
        parameters: {
            query?: {
                sort_by?: "name" | "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
                /** @description Only this placement. */
                placement_id?: string | null;
                /** @description Only this strategy. */
                strategy_id?: string | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description The name contains this, whatever its case. */
                name?: string | null;
                /** @description With a range the answer carries figures. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            creative_id: string | null;
                            creative_name: string | null;
                            preview_url: unknown;
                            placement_id: string | null;
                            placement_name: string | null;
                            strategy_id: string | null;
                            strategy_name: string | null;
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_creatives: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCreative"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        creative_id: string | null;
                        creative_name: string | null;
                        preview_url: unknown;
                        placement_id: string | null;
                        placement_name: string | null;
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    get_creatives_creative_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                creative_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        creative_id: string | null;
                        creative_name: string | null;
                        preview_url: unknown;
                        placement_id: string | null;
                        placement_name: string | null;
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    put_creatives_creative_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                creative_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreativeChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        creative_id: string | null;
                        creative_name: string | null;
                        preview_url: unknown;
                        placement_id: string | null;
                        placement_name: string | null;
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        account: string | null;
                        source_name: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    delete_creatives_creative_id: {
        parameters: {
            query?: {
                /** @description Needed where there are metrics: they are deleted, too. */
                confirm?: boolean;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                creative_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        creative_id: string | null;
                        rows: number | null;
                        first_day: string | null;
                        last_day: string | null;
                    };
                };
            };
        };
    };
    get_creatives_creative_id_metrics: {
        parameters: {
            query?: {
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description ISO weeks start on Monday. */
                by?: "day" | "week" | "month";
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path: {
                creative_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: string | null;
                        campaign_id: string | null;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        creative_id: string | null;
                        creative_name: string | null;
                        preview_url: unknown;
                        placement_id: string | null;
                        placement_name: string | null;
                        strategy_id: string | null;
                        strategy_name: string | null;
                        campaign_name: string | null;
                        by: string | null;
                        points: {
                            date: string | null;
                            end_date: string | null;
                            status: string | null;
                            reason: unknown;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_campaigns_campaign_id_tree: {
        parameters: {
            query?: {
                /** @description The lowest level to show. */
                depth?: "strategy" | "placement" | "creative";
            };
            header?: never;
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        campaign_id: string | null;
                        campaign_name: string | null;
                        source: string | null;
                        client_id: string | null;
                        strategies: {
                            strategy_id: string | null;
                            strategy_name: string | null;
                            placements?: {
                                placement_id: string | null;
                                placement_name: string | null;
                                creatives?: {
                                    creative_id: string | null;
                                    creative_name: string | null;
                                    preview_url: unknown;
                                }[];
                            }[];
                        }[];
                    };
                };
            };
        };
    };
    get_campaigns_campaign_id_performance: {
        parameters: {
            query?: {
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                sort_by?: "name" | "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: string | null;
                        campaign_id: string | null;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        campaign_name: string | null;
                        impressions?: number | null;
                        clicks?: number | null;
                        conversions?: number | null;
                        conversion_revenue?: number | null;
                        spend?: number | null;
                        media_cost?: number | null;
                        margin?: number | null;
                        video_completions?: unknown;
                        ctr?: number | null;
                        cpc?: number | null;
                        cpa?: number | null;
                        cpm?: number | null;
                        roas?: number | null;
                        coverage: {
                            [key: string]: unknown;
                        } | null;
                        unpriced_impressions: number | null;
                        impressions_delta?: number | null;
                        impressions_delta_pct?: number | null;
                        clicks_delta?: number | null;
                        clicks_delta_pct?: number | null;
                        conversions_delta?: number | null;
                        conversions_delta_pct?: number | null;
                        conversion_revenue_delta?: number | null;
                        conversion_revenue_delta_pct?: number | null;
                        spend_delta?: number | null;
                        spend_delta_pct?: number | null;
                        media_cost_delta?: number | null;
                        media_cost_delta_pct?: number | null;
                        margin_delta?: number | null;
                        margin_delta_pct?: number | null;
                        video_completions_delta?: unknown;
                        video_completions_delta_pct?: unknown;
                        ctr_delta?: number | null;
                        ctr_delta_pct?: number | null;
                        cpc_delta?: number | null;
                        cpc_delta_pct?: number | null;
                        cpa_delta?: number | null;
                        cpa_delta_pct?: number | null;
                        cpm_delta?: number | null;
                        cpm_delta_pct?: number | null;
                        roas_delta?: number | null;
                        roas_delta_pct?: number | null;
                        delta_reasons?: {
                            [key: string]: unknown;
                        } | null;
                        rows: number | null;
                        previous_range: {
                            start: string | null;
                            end: string | null;
                        };
                        strategies: {
                            total: number | null;
                            page: number | null;
                            page_size: number | null;
                            data: {
                                strategy_id: string | null;
                                strategy_name: string | null;
                                campaign_id: string | null;
                                campaign_name: string | null;
                                source: string | null;
                                client_id: string | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            }[];
                            totals: {
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            };
                        };
                    };
                };
            };
        };
    };
    get_metrics_daily: {
        parameters: {
            query?: {
                sort_by?: "date";
                /** @description Only this strategy. */
                strategy_id?: string | null;
                /** @description Only this placement. */
                placement_id?: string | null;
                /** @description Only this creative. */
                creative_id?: string | null;
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            date: string | null;
                            status: string | null;
                            creative_id: string | null;
                            creative_name: string | null;
                            preview_url: unknown;
                            placement_id: string | null;
                            placement_name: string | null;
                            strategy_id: string | null;
                            strategy_name: string | null;
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_metrics_weekly: {
        parameters: {
            query?: {
                sort_by?: "week_start";
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            week_start: string | null;
                            week_end: string | null;
                            sums: {
                                days: number | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                video_completions?: unknown;
                            };
                            ratios: {
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                            };
                            deltas: {
                                reason: unknown;
                                days: number | null;
                                previous_days: number | null;
                                impressions_delta?: number | null;
                                impressions_delta_pct?: number | null;
                                clicks_delta?: number | null;
                                clicks_delta_pct?: number | null;
                                conversions_delta?: number | null;
                                conversions_delta_pct?: number | null;
                                conversion_revenue_delta?: number | null;
                                conversion_revenue_delta_pct?: number | null;
                                spend_delta?: number | null;
                                spend_delta_pct?: number | null;
                                video_completions_delta?: unknown;
                                video_completions_delta_pct?: unknown;
                                ctr_delta?: number | null;
                                ctr_delta_pct?: number | null;
                                cpc_delta?: number | null;
                                cpc_delta_pct?: number | null;
                                cpa_delta?: number | null;
                                cpa_delta_pct?: number | null;
                                cpm_delta?: number | null;
                                cpm_delta_pct?: number | null;
                                roas_delta?: number | null;
                                roas_delta_pct?: number | null;
                                delta_reasons?: {
                                    [key: string]: unknown;
                                } | null;
                            };
                            top_campaigns: {
                                by_conversions: {
                                    campaign_id: string | null;
                                    campaign_name: string | null;
                                    source: string | null;
                                    client_id: string | null;
                                    impressions?: number | null;
                                    clicks?: number | null;
                                    conversions?: number | null;
                                    conversion_revenue?: number | null;
                                    spend?: number | null;
                                    video_completions?: unknown;
                                    ctr?: number | null;
                                    cpc?: number | null;
                                    cpa?: number | null;
                                    cpm?: number | null;
                                    roas?: number | null;
                                }[];
                                by_revenue: {
                                    campaign_id: string | null;
                                    campaign_name: string | null;
                                    source: string | null;
                                    client_id: string | null;
                                    impressions?: number | null;
                                    clicks?: number | null;
                                    conversions?: number | null;
                                    conversion_revenue?: number | null;
                                    spend?: number | null;
                                    video_completions?: unknown;
                                    ctr?: number | null;
                                    cpc?: number | null;
                                    cpa?: number | null;
                                    cpm?: number | null;
                                    roas?: number | null;
                                }[];
                            };
                            top_creatives: {
                                by_conversions: {
                                    creative_id: string | null;
                                    creative_name: string | null;
                                    preview_url: unknown;
                                    placement_id: string | null;
                                    placement_name: string | null;
                                    strategy_id: string | null;
                                    strategy_name: string | null;
                                    campaign_id: string | null;
                                    campaign_name: string | null;
                                    source: string | null;
                                    client_id: string | null;
                                    impressions?: number | null;
                                    clicks?: number | null;
                                    conversions?: number | null;
                                    conversion_revenue?: number | null;
                                    spend?: number | null;
                                    video_completions?: unknown;
                                    ctr?: number | null;
                                    cpc?: number | null;
                                    cpa?: number | null;
                                    cpm?: number | null;
                                    roas?: number | null;
                                }[];
                                by_revenue: {
                                    creative_id: string | null;
                                    creative_name: string | null;
                                    preview_url: unknown;
                                    placement_id: string | null;
                                    placement_name: string | null;
                                    strategy_id: string | null;
                                    strategy_name: string | null;
                                    campaign_id: string | null;
                                    campaign_name: string | null;
                                    source: string | null;
                                    client_id: string | null;
                                    impressions?: number | null;
                                    clicks?: number | null;
                                    conversions?: number | null;
                                    conversion_revenue?: number | null;
                                    spend?: number | null;
                                    video_completions?: unknown;
                                    ctr?: number | null;
                                    cpc?: number | null;
                                    cpa?: number | null;
                                    cpm?: number | null;
                                    roas?: number | null;
                                }[];
                            };
                            underperformers: {
                                campaign_id: string | null;
                                campaign_name: string | null;
                                source: string | null;
                                client_id: string | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                reason: string | null;
                            }[];
                            updated_at: string | null;
                            status: string | null;
                        }[];
                    };
                };
            };
        };
    };
    get_metrics_monthly: {
        parameters: {
            query?: {
                sort_by?: "month_start";
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            month_start: string | null;
                            month_end: string | null;
                            sums: {
                                days: number | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                video_completions?: unknown;
                            };
                            ratios: {
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                            };
                            deltas: {
                                reason: unknown;
                                days: number | null;
                                previous_days: number | null;
                                impressions_delta?: number | null;
                                impressions_delta_pct?: number | null;
                                clicks_delta?: number | null;
                                clicks_delta_pct?: number | null;
                                conversions_delta?: number | null;
                                conversions_delta_pct?: number | null;
                                conversion_revenue_delta?: number | null;
                                conversion_revenue_delta_pct?: number | null;
                                spend_delta?: number | null;
                                spend_delta_pct?: number | null;
                                video_completions_delta?: unknown;
                                video_completions_delta_pct?: unknown;
                                ctr_delta?: number | null;
                                ctr_delta_pct?: number | null;
                                cpc_delta?: number | null;
                                cpc_delta_pct?: number | null;
                                cpa_delta?: number | null;
                                cpa_delta_pct?: number | null;
                                cpm_delta?: number | null;
                                cpm_delta_pct?: number | null;
                                roas_delta?: number | null;
                                roas_delta_pct?: number | null;
                                delta_reasons?: {
                                    [key: string]: unknown;
                                } | null;
                            };
                            top_campaigns: {
                                by_conversions: {
                                    campaign_id: string | null;
                                    campaign_name: string | null;
                                    source: string | null;
                                    client_id: string | null;
                                    impressions?: number | null;
                                    clicks?: number | null;
                                    conversions?: number | null;
                                    conversion_revenue?: number | null;
                                    spend?: number | null;
                                    video_completions?: unknown;
                                    ctr?: number | null;
                                    cpc?: number | null;
                                    cpa?: number | null;
                                    cpm?: number | null;
                                    roas?: number | null;
                                }[];
                                by_revenue: {
                                    campaign_id: string | null;
                                    campaign_name: string | null;
                                    source: string | null;
                                    client_id: string | null;
                                    impressions?: number | null;
                                    clicks?: number | null;
                                    conversions?: number | null;
                                    conversion_revenue?: number | null;
                                    spend?: number | null;
                                    video_completions?: unknown;
                                    ctr?: number | null;
                                    cpc?: number | null;
                                    cpa?: number | null;
                                    cpm?: number | null;
                                    roas?: number | null;
                                }[];
                            };
                            top_creatives: {
                                by_conversions: {
                                    creative_id: string | null;
                                    creative_name: string | null;
                                    preview_url: unknown;
                                    placement_id: string | null;
                                    placement_name: string | null;
                                    strategy_id: string | null;
                                    strategy_name: string | null;
                                    campaign_id: string | null;
                                    campaign_name: string | null;
                                    source: string | null;
                                    client_id: string | null;
                                    impressions?: number | null;
                                    clicks?: number | null;
                                    conversions?: number | null;
                                    conversion_revenue?: number | null;
                                    spend?: number | null;
                                    video_completions?: unknown;
                                    ctr?: number | null;
                                    cpc?: number | null;
                                    cpa?: number | null;
                                    cpm?: number | null;
                                    roas?: number | null;
                                }[];
                                by_revenue: {
                                    creative_id: string | null;
                                    creative_name: string | null;
                                    preview_url: unknown;
                                    placement_id: string | null;
                                    placement_name: string | null;
                                    strategy_id: string | null;
                                    strategy_name: string | null;
                                    campaign_id: string | null;
                                    campaign_name: string | null;
                                    source: string | null;
                                    client_id: string | null;
                                    impressions?: number | null;
                                    clicks?: number | null;
                                    conversions?: number | null;
                                    conversion_revenue?: number | null;
                                    spend?: number | null;
                                    video_completions?: unknown;
                                    ctr?: number | null;
                                    cpc?: number | null;
                                    cpa?: number | null;
                                    cpm?: number | null;
                                    roas?: number | null;
                                }[];
                            };
                            underperformers: {
                                campaign_id: string | null;
                                campaign_name: string | null;
                                source: string | null;
                                client_id: string | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                reason: string | null;
                            }[];
                            updated_at: string | null;
                            status: string | null;
                        }[];
                    };
                };
            };
        };
    };
    get_metrics_trends: {
        parameters: {
            query?: {
                /** @description ISO weeks start on Monday. */
                by?: "day" | "week" | "month";
                /** @description Each point with the same days before it. */
                compare?: ("previous_period" | "previous_year") | null;
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
                /** @description Only these: repeated, or with commas. Left out: all that you may see. */
                metric?: string[];
                /** @description The same as `metric`. */
                metrics?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        by: string | null;
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                        compare?: string | null;
                        compare_range?: {
                            start: string | null;
                            end: string | null;
                        };
                        compare_totals?: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                            impressions_delta?: number | null;
                            impressions_delta_pct?: number | null;
                            clicks_delta?: number | null;
                            clicks_delta_pct?: number | null;
                            conversions_delta?: number | null;
                            conversions_delta_pct?: number | null;
                            conversion_revenue_delta?: number | null;
                            conversion_revenue_delta_pct?: number | null;
                            spend_delta?: number | null;
                            spend_delta_pct?: number | null;
                            media_cost_delta?: number | null;
                            media_cost_delta_pct?: number | null;
                            margin_delta?: number | null;
                            margin_delta_pct?: number | null;
                            video_completions_delta?: unknown;
                            video_completions_delta_pct?: unknown;
                            ctr_delta?: number | null;
                            ctr_delta_pct?: number | null;
                            cpc_delta?: number | null;
                            cpc_delta_pct?: number | null;
                            cpa_delta?: number | null;
                            cpa_delta_pct?: number | null;
                            cpm_delta?: number | null;
                            cpm_delta_pct?: number | null;
                            roas_delta?: number | null;
                            roas_delta_pct?: number | null;
                            delta_reasons?: {
                                [key: string]: unknown;
                            } | null;
                        };
                        points: {
                            date: string | null;
                            end_date: string | null;
                            status: string | null;
                            reason: unknown;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                            compare?: {
                                date: string | null;
                                end_date: string | null;
                                status: string | null;
                                reason: unknown;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                spend?: number | null;
                                media_cost?: number | null;
                                margin?: number | null;
                                video_completions?: unknown;
                                ctr?: number | null;
                                cpc?: number | null;
                                cpa?: number | null;
                                cpm?: number | null;
                                roas?: number | null;
                                coverage: {
                                    [key: string]: unknown;
                                } | null;
                                unpriced_impressions: number | null;
                            };
                            impressions_delta?: number | null;
                            impressions_delta_pct?: number | null;
                            clicks_delta?: number | null;
                            clicks_delta_pct?: number | null;
                            conversions_delta?: number | null;
                            conversions_delta_pct?: number | null;
                            conversion_revenue_delta?: number | null;
                            conversion_revenue_delta_pct?: number | null;
                            spend_delta?: number | null;
                            spend_delta_pct?: number | null;
                            media_cost_delta?: number | null;
                            media_cost_delta_pct?: number | null;
                            margin_delta?: number | null;
                            margin_delta_pct?: number | null;
                            video_completions_delta?: unknown;
                            video_completions_delta_pct?: unknown;
                            ctr_delta?: number | null;
                            ctr_delta_pct?: number | null;
                            cpc_delta?: number | null;
                            cpc_delta_pct?: number | null;
                            cpa_delta?: number | null;
                            cpa_delta_pct?: number | null;
                            cpm_delta?: number | null;
                            cpm_delta_pct?: number | null;
                            roas_delta?: number | null;
                            roas_delta_pct?: number | null;
                            delta_reasons?: {
                                [key: string]: unknown;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    get_metrics_top_campaigns: {
        parameters: {
            query?: {
                metric?: "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                /** @description How many. */
                limit?: number;
                /** @description Largest or smallest first. */
                order?: "asc" | "desc";
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        metric: string | null;
                        order: string | null;
                        total: number | null;
                        data: {
                            rank: number | null;
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_metrics_top_creatives: {
        parameters: {
            query?: {
                metric?: "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                /** @description How many. */
                limit?: number;
                /** @description Largest or smallest first. */
                order?: "asc" | "desc";
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        metric: string | null;
                        order: string | null;
                        total: number | null;
                        data: {
                            rank: number | null;
                            creative_id: string | null;
                            creative_name: string | null;
                            preview_url: unknown;
                            placement_id: string | null;
                            placement_name: string | null;
                            strategy_id: string | null;
                            strategy_name: string | null;
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        }[];
                        totals: {
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                        };
                    };
                };
            };
        };
    };
    get_metrics_underperformers: {
        parameters: {
            query?: {
                metric?: "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                /** @description How many. */
                limit?: number;
                order?: ("asc" | "desc") | null;
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        metric: string | null;
                        order: string | null;
                        total: number | null;
                        data: {
                            campaign_id: string | null;
                            campaign_name: string | null;
                            source: string | null;
                            client_id: string | null;
                            impressions?: number | null;
                            clicks?: number | null;
                            conversions?: number | null;
                            conversion_revenue?: number | null;
                            spend?: number | null;
                            media_cost?: number | null;
                            margin?: number | null;
                            video_completions?: unknown;
                            ctr?: number | null;
                            cpc?: number | null;
                            cpa?: number | null;
                            cpm?: number | null;
                            roas?: number | null;
                            coverage: {
                                [key: string]: unknown;
                            } | null;
                            unpriced_impressions: number | null;
                            reason: string | null;
                            thresholds: {
                                ctr_below?: number | null;
                                spend_over?: number | null;
                                conversions_under?: number | null;
                            };
                        }[];
                    };
                };
            };
        };
    };
    get_metrics_explain: {
        parameters: {
            query: {
                metric: "impressions" | "clicks" | "conversions" | "conversion_revenue" | "spend" | "media_cost" | "margin" | "video_completions" | "ctr" | "cpc" | "cpa" | "cpm" | "roas";
                /** @description Only this strategy. */
                strategy_id?: string | null;
                /** @description Only this placement. */
                placement_id?: string | null;
                /** @description Only this creative. */
                creative_id?: string | null;
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description Only this campaign. */
                campaign_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        client_id: string | null;
                        client_name: string | null;
                        client_ids: (string | null)[];
                        currency: string | null;
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                        source: unknown;
                        campaign_id: unknown;
                        maturity: {
                            status: string | null;
                            provisional_from: string | null;
                        };
                        data_version: number | null;
                        entity: {
                            [key: string]: unknown;
                        } | null;
                        metric: string | null;
                        label: string | null;
                        unit: string | null;
                        formula: string | null;
                        value: number | null;
                        exact: number | null;
                        numerator: {
                            [key: string]: unknown;
                        } | null;
                        minus: unknown;
                        denominator: {
                            [key: string]: unknown;
                        } | null;
                        multiplier: number | null;
                        covers: {
                            impressions?: number | null;
                            of_impressions: number | null;
                            share: number | null;
                        };
                        rows: number | null;
                        rates: {
                            client_id: string | null;
                            source: string | null;
                            cpm?: number | null;
                            rate_id: string | null;
                            first_day: string | null;
                            last_day: string | null;
                            days: number | null;
                        }[];
                        runs: {
                            total: number | null;
                            data: {
                                client_id: string | null;
                                source: string | null;
                                account: string | null;
                                run_id: string | null;
                                status: string | null;
                                delivered_at: string | null;
                                first_day: string | null;
                                last_day: string | null;
                                days: number | null;
                                file: {
                                    name: string | null;
                                    bucket?: string | null;
                                    key?: string | null;
                                } | null;
                            }[];
                        };
                        restatements: {
                            total: number | null;
                            data: unknown[];
                        };
                    };
                };
            };
        };
    };
    get_views: {
        parameters: {
            query?: {
                sort_by?: "name" | "created_at" | "updated_at";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: string | null;
                            name: string | null;
                            state: {
                                [key: string]: unknown;
                            } | null;
                            created_at: string | null;
                            updated_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_views: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewView"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        name: string | null;
                        state: {
                            [key: string]: unknown;
                        } | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    delete_views_view_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                view_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        name: string | null;
                        state: {
                            [key: string]: unknown;
                        } | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    get_admin_ingestion_logs: {
        parameters: {
            query?: {
                sort_by?: "started_at" | "run_date" | "status" | "rows_loaded" | "rows_rejected";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
                source?: ("surfside" | "vibe" | "facebook") | null;
                client_id?: string | null;
                status?: ("running" | "stalled" | "held" | "loaded" | "partial" | "unchanged" | "superseded" | "missing_file" | "failed" | "undone" | "success" | "processing") | null;
                /** @description First day that the run is for. */
                start_date?: string | null;
                /** @description Last day that the run is for. */
                end_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            run_id: string | null;
                            client_id: string | null;
                            client_name: string | null;
                            source: string | null;
                            account: string | null;
                            run_date: string | null;
                            status: string | null;
                            generation: number | null;
                            delivered_at: string | null;
                            rows_read: number | null;
                            rows_loaded: number | null;
                            rows_rejected: number | null;
                            rows_merged: number | null;
                            rows_unpriced: number | null;
                            batches_staged: number | null;
                            batches_expected: number | null;
                            warnings: unknown[];
                            error_code: unknown;
                            error: unknown;
                            started_at: string | null;
                            finished_at: string | null;
                            reload_of: unknown;
                            resolution_status: unknown;
                            resolution_notes: unknown;
                            resolved_at: unknown;
                        }[];
                    };
                };
            };
        };
    };
    get_admin_ingestion_logs_run_id: {
        parameters: {
            query?: {
                /** @description Of the ledger: 1,000 lines each. */
                ledger_page?: number;
            };
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        run_id: string | null;
                        client_id: string | null;
                        client_name: string | null;
                        source: string | null;
                        account: string | null;
                        run_date: string | null;
                        status: string | null;
                        generation: number | null;
                        delivered_at: string | null;
                        rows_read: number | null;
                        rows_loaded: number | null;
                        rows_rejected: number | null;
                        rows_merged: number | null;
                        rows_unpriced: number | null;
                        batches_staged: number | null;
                        batches_expected: number | null;
                        warnings: unknown[];
                        error_code: unknown;
                        error: unknown;
                        started_at: string | null;
                        finished_at: string | null;
                        reload_of: unknown;
                        resolution_status: unknown;
                        resolution_notes: unknown;
                        resolved_at: unknown;
                        artifact: {
                            [key: string]: unknown;
                        } | null;
                        digest: unknown;
                        control_totals: unknown;
                        definitions: {
                            [key: string]: unknown;
                        } | null;
                        timings: {
                            [key: string]: unknown;
                        } | null;
                        allow_shrink: boolean | null;
                        last_batch_at: string | null;
                        resolved_by: unknown;
                        resolved_by_email: unknown;
                        rejected_rows: {
                            row_number: number | null;
                            raw: unknown;
                            reasons: (string | null)[];
                        }[];
                        ledger_total: number | null;
                        ledger_page: number | null;
                        ledger: {
                            date: string | null;
                            account: string | null;
                            kind: string | null;
                            at: string | null;
                            totals_before: {
                                [key: string]: unknown;
                            } | null;
                            totals_after: {
                                [key: string]: unknown;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    get_admin_ingestion_logs_run_id_rejected_csv: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    post_admin_ingestion_logs_run_id_resolve: {
        parameters: {
            query?: {
                resolution_notes?: string | null;
            };
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Resolution"] | null;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        run_id: string | null;
                        resolution_status: string | null;
                        resolution_notes: string | null;
                    };
                };
            };
        };
    };
    post_admin_ingestion_logs_run_id_confirm: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        run_id: string | null;
                    };
                };
            };
        };
    };
    post_admin_ingestion_logs_run_id_undo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        run_id: string | null;
                    };
                };
            };
        };
    };
    post_admin_ingestion_logs_run_id_reload: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Reload"] | null;
            };
        };
        responses: {
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        run_id: string | null;
                    };
                };
            };
        };
    };
    post_admin_trigger_ingestion: {
        parameters: {
            query?: {
                source?: ("surfside" | "vibe" | "facebook") | null;
                client_id?: string | null;
                date?: string | null;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Pull"] | null;
            };
        };
        responses: {
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        source: string | null;
                        clients: (string | null)[];
                    };
                };
            };
        };
    };
    post_admin_backfill_historical: {
        parameters: {
            query?: {
                source?: ("surfside" | "vibe" | "facebook") | null;
                client_id?: string | null;
                start_date?: string | null;
                end_date?: string | null;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Backfill"] | null;
            };
        };
        responses: {
            /** @description Accepted: it happens soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: string | null;
                        message: {
                            [key: string]: unknown;
                        } | null;
                        correlation_id: string | null;
                        messages: {
                            start_date: string | null;
                            end_date: string | null;
                        }[];
                        backfill_id: string | null;
                        status_url: string | null;
                    };
                };
            };
        };
    };
    get_admin_backfills_backfill_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                backfill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        client_id: string | null;
                        client_name: string | null;
                        source: string | null;
                        start_date: string | null;
                        end_date: string | null;
                        requested_by: string | null;
                        created_at: string | null;
                        status: string | null;
                        days_total: number | null;
                        days_done: number | null;
                        days_left: number | null;
                        days_failed: number | null;
                        days_skipped: number | null;
                        progress: {
                            done: number | null;
                            total: number | null;
                        };
                        days: {
                            date: string | null;
                            status: string | null;
                            run_id: string | null;
                            error: unknown;
                        }[];
                    };
                };
            };
        };
    };
    get_admin_notifications: {
        parameters: {
            query?: {
                severity?: ("info" | "warning" | "error") | null;
                client_id?: string | null;
                acknowledged?: boolean | null;
                sort_by?: "created_at" | "severity" | "times";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: string | null;
                            client_id: string | null;
                            client_name: string | null;
                            kind: string | null;
                            severity: string | null;
                            message: string | null;
                            run_id: string | null;
                            details: {
                                [key: string]: unknown;
                            } | null;
                            times: number | null;
                            acknowledged_by: unknown;
                            acknowledged_at: unknown;
                            resolved_at: unknown;
                            created_at: string | null;
                            updated_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_admin_notifications_notification_id_acknowledge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                notification_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        acknowledged: boolean | null;
                    };
                };
            };
        };
    };
    get_admin_schedules: {
        parameters: {
            query?: {
                sort_by?: "next" | "last" | "name";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            name: string | null;
                            cron: string | null;
                            timezone: string | null;
                            message: string | null;
                            last: string | null;
                            result: string | null;
                            next: string | null;
                            overdue: boolean | null;
                        }[];
                    };
                };
            };
        };
    };
    get_admin_coverage: {
        parameters: {
            query?: {
                sort_by?: "client_name" | "source";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
                /** @description Only this client, even if it is disabled. */
                client_id?: string | null;
                /** @description Only this source. */
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                /** @description Show only days in these states. */
                status?: ("loaded" | "provisional" | "partial" | "held" | "failed" | "loading" | "missing" | "waiting" | "not_expected")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            client_id: string | null;
                            client_name: string | null;
                            source: string | null;
                            enabled: boolean | null;
                            settling_days: number | null;
                            provisional_from: string | null;
                            counts: {
                                [key: string]: unknown;
                            } | null;
                            days: {
                                date: string | null;
                                status: string | null;
                                provisional: boolean | null;
                                delivered_at: string | null;
                                run_id: string | null;
                                run_status: string | null;
                            }[];
                        }[];
                        date_range: {
                            start: string | null;
                            end: string | null;
                        };
                    };
                };
            };
        };
    };
    get_admin_restatements: {
        parameters: {
            query?: {
                sort_by?: "changed_at" | "date";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
                /** @description Only this client, even if it is disabled. */
                client_id?: string | null;
                source?: ("surfside" | "vibe" | "facebook") | null;
                /** @description What changed it. */
                kind?: ("load" | "undo" | "repricing" | "deletion") | null;
                /** @description First day whose numbers changed. */
                start_date?: string | null;
                /** @description Last day whose numbers changed. */
                end_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: number | null;
                            client_id: string | null;
                            client_name: string | null;
                            source: string | null;
                            account: string | null;
                            date: string | null;
                            kind: string | null;
                            changed_at: string | null;
                            run_id: string | null;
                            run_status: string | null;
                            delivered_at: string | null;
                            file: {
                                bucket?: string | null;
                                key?: string | null;
                            } | null;
                            earlier: {
                                changed_at: string | null;
                                kind: string | null;
                                run_id: string | null;
                                file: {
                                    bucket?: string | null;
                                    key?: string | null;
                                } | null;
                            } | null;
                            changes: {
                                [key: string]: unknown;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    get_admin_queues: {
        parameters: {
            query?: {
                sort_by?: "flow" | "name" | "waiting" | "dead_letters";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            name: string | null;
                            service: string | null;
                            waiting: number | null;
                            consumers: number | null;
                            dead_letters: number | null;
                            oldest_dead_letter: {
                                died_at: string | null;
                                reason: string | null;
                            } | null;
                        }[];
                        outbox: {
                            service: string | null;
                            messages: number | null;
                            oldest: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_admin_queues_name_replay: {
        parameters: {
            query?: {
                limit?: number | null;
            };
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description With or without `.dead`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Replay"] | null;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queue: string | null;
                        moved: number | null;
                        remaining: number | null;
                        complete: boolean | null;
                        interrupted: unknown;
                    };
                };
            };
        };
    };
    get_admin_audit_logs: {
        parameters: {
            query?: {
                sort_by?: "created_at" | "action" | "entity";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
                /** @description Who did it. */
                user_id?: string | null;
                /** @description The address of who did it contains this. */
                email?: string | null;
                /** @description What it was done to: `client`, `rate`, … */
                entity?: string | null;
                /** @description Which; of `login` the address. */
                entity_id?: string | null;
                /** @description `login_failed`, `rate.set`, … */
                action?: string | null;
                /** @description First day, UTC. */
                start_date?: string | null;
                /** @description Last day, UTC, included. */
                end_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: number | null;
                            created_at: string | null;
                            user_id: string | null;
                            user_email: string | null;
                            action: string | null;
                            entity: string | null;
                            entity_id: string | null;
                            old_values: unknown;
                            new_values: {
                                [key: string]: unknown;
                            } | null;
                            ip: string | null;
                            user_agent: string | null;
                            position: number | null;
                            hash: string | null;
                        }[];
                    };
                };
            };
        };
    };
    get_exports_csv: {
        parameters: {
            query?: {
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                source?: ("surfside" | "vibe" | "facebook") | null;
                campaign_id?: string | null;
                strategy_id?: string | null;
                placement_id?: string | null;
                creative_id?: string | null;
                /** @description Of a level of the hierarchy: the name contains this, whatever its case. */
                name?: string | null;
                /** @description `daily`: the rows, one for each day and creative. */
                level?: "daily" | "campaign" | "strategy" | "placement" | "creative" | "day" | "week" | "month" | "source";
                /** @description In this order; left out: names and all figures you may see. */
                columns?: string[];
                /** @description `date`, `name` or a figure. */
                sort_by?: string | null;
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    post_exports_csv: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Export"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    get_exports_xlsx: {
        parameters: {
            query?: {
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                source?: ("surfside" | "vibe" | "facebook") | null;
                campaign_id?: string | null;
                strategy_id?: string | null;
                placement_id?: string | null;
                creative_id?: string | null;
                /** @description Of a level of the hierarchy: the name contains this, whatever its case. */
                name?: string | null;
                /** @description `daily`: the rows, one for each day and creative. */
                level?: "daily" | "campaign" | "strategy" | "placement" | "creative" | "day" | "week" | "month" | "source";
                /** @description In this order; left out: names and all figures you may see. */
                columns?: string[];
                /** @description `date`, `name` or a figure. */
                sort_by?: string | null;
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
        };
    };
    post_exports_xlsx: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Export"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
        };
    };
    get_exports_pdf: {
        parameters: {
            query?: {
                /** @description Left out: your only client. Several: of one currency. */
                client_id?: string[];
                /** @description First account day; left out: the last 30 complete days. */
                start_date?: string | null;
                /** @description Last account day, included. */
                end_date?: string | null;
                source?: ("surfside" | "vibe" | "facebook") | null;
                campaign_id?: string | null;
                strategy_id?: string | null;
                placement_id?: string | null;
                creative_id?: string | null;
                /** @description Of a level of the hierarchy: the name contains this, whatever its case. */
                name?: string | null;
                /** @description `daily`: the rows, one for each day and creative. */
                level?: "daily" | "campaign" | "strategy" | "placement" | "creative" | "day" | "week" | "month" | "source";
                /** @description In this order; left out: names and all figures you may see. */
                columns?: string[];
                /** @description `date`, `name` or a figure. */
                sort_by?: string | null;
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
        };
    };
    post_exports_pdf: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Export"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
        };
    };
    get_reports: {
        parameters: {
            query?: {
                client_id?: string | null;
                sort_by?: "client_name" | "created_at";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            id: string | null;
                            client_id: string | null;
                            client_name: string | null;
                            frequency: string | null;
                            formats: (string | null)[];
                            recipients: (string | null)[];
                            is_active: boolean | null;
                            created_by: string | null;
                            created_at: string | null;
                            updated_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_reports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSchedule"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        client_id: string | null;
                        client_name: string | null;
                        frequency: string | null;
                        formats: (string | null)[];
                        recipients: (string | null)[];
                        is_active: boolean | null;
                        created_by: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    get_reports_report_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                report_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        client_id: string | null;
                        client_name: string | null;
                        frequency: string | null;
                        formats: (string | null)[];
                        recipients: (string | null)[];
                        is_active: boolean | null;
                        created_by: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    put_reports_report_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                report_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Schedule"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                        client_id: string | null;
                        client_name: string | null;
                        frequency: string | null;
                        formats: (string | null)[];
                        recipients: (string | null)[];
                        is_active: boolean | null;
                        created_by: string | null;
                        created_at: string | null;
                        updated_at: string | null;
                    };
                };
            };
        };
    };
    delete_reports_report_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                report_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string | null;
                    };
                };
            };
        };
    };
    get_reports_report_id_deliveries: {
        parameters: {
            query?: {
                sort_by?: "due" | "period_start" | "sent_at" | "created_at";
                page?: number;
                page_size?: number;
                /** @description Left out: names upwards, the rest downwards. */
                order?: ("asc" | "desc") | null;
            };
            header?: never;
            path: {
                report_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            due: string | null;
                            period_start: string | null;
                            period_end: string | null;
                            status: string | null;
                            recipients: (string | null)[];
                            notes: unknown[];
                            error: unknown;
                            attempts: number | null;
                            sent_at: string | null;
                            created_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    post_facebook_upload: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything unique; sent again with the same request, it is answered as the first time. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The export, .csv or .xlsx.
                     */
                    file: string;
                    /**
                     * Format: uuid
                     * @description Whose figures they are; left out: your only client.
                     */
                    client_id?: string;
                    /**
                     * @description Rows that exist: refuse the file, update them, or replace the days of the file.
                     * @default reject
                     * @enum {string}
                     */
                    on_duplicate?: "reject" | "merge" | "replace";
                    /**
                     * @description Only say what would change.
                     * @default false
                     */
                    dry_run?: boolean;
                    /** @description The campaign, where the file has no such column. */
                    campaign?: string;
                    /** @description The ad set, where the file has no such column. */
                    ad_set?: string;
                    /** @description Where the dates do not tell day and month apart: `MM/DD/YYYY`, `DD/MM/YYYY`. */
                    date_format?: string;
                    /**
                     * @description Hold the answer until it is loaded, so many seconds at most.
                     * @default 0
                     */
                    wait?: number;
                };
            };
        };
        responses: {
            /** @description dry_run: what loading it would change; nothing was loaded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        dry_run: boolean | null;
                        would_be: string | null;
                        already_loaded: unknown;
                        client_id: string | null;
                        file_name: string | null;
                        on_duplicate: string | null;
                        rows_read: number | null;
                        rows_rejected: number | null;
                        rows_merged: number | null;
                        rejected_rows: unknown[];
                        dates: {
                            date: string | null;
                            rows: number | null;
                        }[];
                        new_campaigns: (string | null)[];
                        duplicates: {
                            count: number | null;
                            rows: {
                                date: string | null;
                                campaign: string | null;
                                strategy: string | null;
                                placement: string | null;
                                creative: string | null;
                            }[];
                        };
                        added: number | null;
                        unchanged: number | null;
                        changed: {
                            count: number | null;
                            rows: {
                                date: string | null;
                                campaign: string | null;
                                strategy: string | null;
                                placement: string | null;
                                creative: string | null;
                                metrics: {
                                    clicks?: {
                                        before: number | null;
                                        after: number | null;
                                    };
                                };
                            }[];
                        };
                        vanishing: {
                            count: number | null;
                            rows: {
                                date: string | null;
                                campaign: string | null;
                                strategy: string | null;
                                placement: string | null;
                                creative: string | null;
                            }[];
                        };
                        totals: {
                            before: {
                                rows: number | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                media_cost?: number | null;
                            };
                            after: {
                                rows: number | null;
                                impressions?: number | null;
                                clicks?: number | null;
                                conversions?: number | null;
                                conversion_revenue?: number | null;
                                media_cost?: number | null;
                            };
                        };
                        control_totals: {
                            [key: string]: unknown;
                        } | null;
                        definitions: {
                            [key: string]: unknown;
                        } | null;
                        account: string | null;
                        currency: string | null;
                        warnings: {
                            code: string | null;
                            message: string | null;
                        }[];
                    };
                };
            };
            /** @description Accepted: it is kept, and will be loaded or say why not */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        upload_id: string | null;
                        client_id: string | null;
                        client_name: string | null;
                        file_name: string | null;
                        size: number | null;
                        sha256: string | null;
                        status: string | null;
                        ingestion_run_id: string | null;
                        run_status: string | null;
                        rows_read: number | null;
                        rows_loaded: number | null;
                        rows_rejected: number | null;
                        rows_merged: number | null;
                        error_code: unknown;
                        error: unknown;
                        uploaded_by: string | null;
                        uploaded_at: string | null;
                        processed_at: unknown;
                        progress: {
                            batches_staged: number | null;
                            batches_expected: unknown;
                            percent: unknown;
                        };
                    };
                };
            };
        };
    };
    get_facebook_uploads: {
        parameters: {
            query?: {
                /** @description Only this client's. */
                client_id?: string | null;
                status?: ("pending" | "processing" | "completed" | "failed") | null;
                page?: number;
                page_size?: number;
                sort_by?: "uploaded_at" | "file_name" | "size";
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number | null;
                        page: number | null;
                        page_size: number | null;
                        data: {
                            upload_id: string | null;
                            client_id: string | null;
                            client_name: string | null;
                            file_name: string | null;
                            size: number | null;
                            sha256: string | null;
                            status: string | null;
                            ingestion_run_id: string | null;
                            run_status: string | null;
                            rows_read: number | null;
                            rows_loaded: number | null;
                            rows_rejected: number | null;
                            rows_merged: number | null;
                            error_code: unknown;
                            error: unknown;
                            uploaded_by: string | null;
                            uploaded_at: string | null;
                            processed_at: unknown;
                            progress: {
                                batches_staged: number | null;
                                batches_expected: unknown;
                                percent: unknown;
                            };
                        }[];
                    };
                };
            };
        };
    };
    get_facebook_uploads_upload_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        upload_id: string | null;
                        client_id: string | null;
                        client_name: string | null;
                        file_name: string | null;
                        size: number | null;
                        sha256: string | null;
                        status: string | null;
                        ingestion_run_id: string | null;
                        run_status: string | null;
                        rows_read: number | null;
                        rows_loaded: number | null;
                        rows_rejected: number | null;
                        rows_merged: number | null;
                        error_code: unknown;
                        error: unknown;
                        uploaded_by: string | null;
                        uploaded_at: string | null;
                        processed_at: unknown;
                        progress: {
                            batches_staged: number | null;
                            batches_expected: unknown;
                            percent: unknown;
                        };
                        rows_unpriced: number | null;
                        run_date: string | null;
                        warnings: unknown[];
                        definitions: {
                            [key: string]: unknown;
                        } | null;
                        control_totals: {
                            [key: string]: unknown;
                        } | null;
                        options: {
                            on_duplicate: string | null;
                            campaign: unknown;
                            ad_set: unknown;
                            date_format: unknown;
                        } | null;
                        rejected_rows: {
                            row_number: number | null;
                            raw: unknown;
                            reasons: (string | null)[];
                        }[];
                    };
                };
            };
        };
    };
    delete_facebook_uploads_upload_id: {
        parameters: {
            query?: {
                /** @description Take the data back, too. */
                undo?: boolean;
            };
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        upload_id: string | null;
                        deleted: boolean | null;
                        undo: unknown;
                    };
                };
            };
            /** @description The data is taken back soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        upload_id: string | null;
                        deleted: boolean | null;
                        undo: string | null;
                    };
                };
            };
        };
    };
    get_facebook_uploads_upload_id_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events `upload`; the `data` of each is a JSON object as those of `GET /facebook/uploads` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
        };
    };
}
